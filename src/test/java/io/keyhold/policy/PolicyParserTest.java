package io.keyhold.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyParserTest {

    private static final String REST = "'Action': '*', 'Resource': '*'";
    private static final String ALLOW = "'Effect': 'Allow', 'Principal': '*'";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {} | The policy document: Statement is missing
                    [] | The policy document: it must be an object, and is an array
                    'x' | The policy document: it must be an object, and is a string
                    {'Statement': []} | Statement: an array must have at least one element
                    {'Statement': 7} | Statement: it must be an object, and is a number
                    {'Statement': {}, 'Statement': {}} | has a name twice: line 1
                    {'Statement': {}} trailing | it is no JSON
                    {'Statement': {}} {} | something follows its end
                    {'Statement': [{] | it is no JSON
                    {'Version': '2020-01-01', 'Statement': {}} | Version: it must be 2012-10-17
                    {'Version': 2012, 'Statement': {}} | Version: it must be a string
                    {'Id': null, 'Statement': {}} | Id: it must be a string, and is null
                    {'statement': {}} | statement: there is no such element
                    {'Statement': [[[[[[[[[[[1]]]]]]]]]]]} | nested deeper than 10 levels
                    """)
    void aDocumentThatBreaksTheGrammarIsRefused(String document, String expected) {
        assertThat(refusal(document)).contains(expected);
    }

    @Test
    void anEmptyDocumentIsNone() {
        assertThat(refusal("")).isEqualTo("The policy document cannot be read: it is empty.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'Principal': '*', REST} | Statement[0]: Effect is missing
                    {'Effect': 'allow', 'Principal': '*', REST} | Statement[0].Effect: it must be
                    {'Effect': true, 'Principal': '*', REST} | Statement[0].Effect: it must be a s
                    {'Effect': 'Allow', REST} | Statement[0]: Principal is missing
                    {'Effect': 'Allow', 'Principal': 'arn:aws:iam::111122223333:root', REST} | bare
                    {'Effect': 'Allow', 'Principal': {}, REST} | Principal: it names nobody
                    {'Effect': 'Allow', 'Principal': {'AWS': []}, REST} | Principal.AWS: an array
                    {'Effect': 'Allow', 'Principal': {'Aws': '*'}, REST} | not 'Aws'
                    {'Effect': 'Allow', 'Principal': {'AWS': 'bob'}, REST} | 'bob' is no principal
                    {'Effect': 'Allow', 'Principal': {'AWS': '11112222333'}, REST} | no principal
                    {'Effect': 'Allow', 'Principal': {'AWS': ['*', 7]}, REST} | Principal.AWS[1]: i
                    {'Effect': 'Allow', 'Principal': {'Service': 's3'}, REST} | the name of a servic
                    {'Effect': 'Allow', 'Principal': {'CanonicalUser': 'x'}, REST} | canonical user
                    {'Effect': 'Allow', 'NotPrincipal': {'AWS': '*'}, REST} | NotPrincipal goes with
                    {ALLOW, 'NotPrincipal': '*', REST} | Principal and NotPrincipal
                    {ALLOW, 'Action': '*', 'NotAction': '*', 'Resource': '*'} | Action and NotAction
                    {ALLOW, REST, 'NotResource': '*'} | Resource and NotResource
                    {ALLOW, 'Action': 'Encrypt', 'Resource': '*'} | 'Encrypt' is no action
                    {ALLOW, 'Action': '*:Encrypt', 'Resource': '*'} | '*:Encrypt' is no action
                    {ALLOW, 'Action': 'kms:', 'Resource': '*'} | Statement[0].Action: 'kms:' is no
                    {ALLOW, 'Action': ['kms:*', ''], 'Resource': '*'} | Statement[0].Action[1]: ''
                    {ALLOW, 'Action': '*', 'Resource': '1234abcd'} | must be an ARN or
                    {ALLOW, 'Action': '*', 'Resource': 'alias/x'} | must be an ARN or
                    {ALLOW, 'Action': '*', 'Resource': 'arn:aws:kms:*:${aws:x}:key/*'} | fifth colon
                    {ALLOW, REST, 'Condition': []} | Statement[0].Condition: it must be an object
                    {ALLOW, REST, 'Condition': {'Bool': {'x': 'true'}}} | 'x' is no condition key
                    {ALLOW, REST, 'Sid': 7} | Statement[0].Sid: it must be a string
                    {ALLOW, REST, 'sid': 'x'} | Statement[0].sid: there is no such element
                    {ALLOW, REST, 'Sid': 'x'}, {ALLOW, REST, 'Sid': 'x'} | Statement[1]: the Sid 'x'
                    """)
    void aStatementThatBreaksTheGrammarIsRefused(String statements, String expected) {
        String full = statements.replace("ALLOW", ALLOW).replace("REST", REST);

        assertThat(refusal(Policies.document(full))).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:iam::111122223333:user/*",
                "arn:aws:iam::*:root",
                "arn:aws:iam::111122223333:group/Admins",
                "arn:aws:iam:us-east-1:111122223333:root",
                "arn:aws:sts::111122223333:assumed-role/Worker",
                "arn:aws:kms:us-east-1:111122223333:key/x",
                "AIDAEXAMPLE"
            })
    void aPrincipalIsOneOfFewKindsAndHasNoWildcard(String principal) {
        String statement = Policies.statement("Allow", Policies.aws(principal));

        assertThat(refusal(Policies.document(statement))).contains("is no principal");
    }

    @Test
    void aSidMayHoldSpacesInAKeyPolicyOnly() {
        String sid = "{%s'Effect': 'Allow', 'Sid': 'Enable IAM policies', " + REST + "}";

        assertThat(Policies.key(sid.formatted("'Principal': '*', ")).statements().getFirst().sid())
                .isEqualTo("Enable IAM policies");
        assertThat(identityRefusal(sid.formatted("")))
                .isEqualTo(
                        "Statement[0].Sid: 'Enable IAM policies': it may hold only letters and"
                                + " digits");
        assertThat(
                        refusal(
                                Policies.document(
                                        sid.replace("IAM", "\u00e9")
                                                .formatted("'Principal': '*', "))))
                .endsWith("it may hold only printable ASCII");
    }

    @Test
    void anIdentityPolicyNamesNoPrincipalAndMustBeComplete() {
        assertThat(identityRefusal("{" + ALLOW + ", " + REST + "}"))
                .isEqualTo("Statement[0].Principal: a policy may not have this element");
        assertThat(identityRefusal("{'Effect': 'Allow', 'Resource': '*'}"))
                .isEqualTo("Statement[0]: Action is missing");
        assertThat(identityRefusal("{'Effect': 'Allow', 'Action': '*'}"))
                .isEqualTo("Statement[0]: Resource is missing");
    }

    @Test
    void aTrustPolicyNamesNoResource() {
        String trust = "{%s'Effect': 'Allow', 'Principal': '*', 'Action': 'sts:AssumeRole'}";

        assertThat(PolicyParser.ofTrust(Policies.document(trust.formatted("")), Map.of()))
                .isNotNull();
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class,
                        () ->
                                PolicyParser.ofTrust(
                                        Policies.document(trust.formatted("'Resource': '*', ")),
                                        Map.of()));
        assertThat(fault.text()).startsWith("Statement[0].Resource: ");
    }

    @Test
    void aPolicyIsBoundToTheRecordsThatItsPrincipalsHad() {
        String document =
                Policies.document(Policies.statement("Allow", Policies.aws(Policies.USER)));
        Statement bound =
                PolicyParser.ofKey(document, Map.of(Policies.USER, "AIDAONE"))
                        .statements()
                        .getFirst();
        io.keyhold.key.Arn user = io.keyhold.key.Arn.parse(Policies.USER).orElseThrow();

        assertThat(bound.reach(Subject.of(user, "AIDAONE")))
                .isEqualTo(PrincipalPattern.Reach.DIRECT);
        assertThat(bound.reach(Subject.of(user, "AIDATWO"))).isEqualTo(PrincipalPattern.Reach.NONE);
        assertThat(bound.reach(Subject.of(user, ""))).isEqualTo(PrincipalPattern.Reach.NONE);
    }

    private static String refusal(String document) {
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class,
                        () -> PolicyParser.ofKey(document.replace('\'', '"'), Map.of()));
        assertThat(fault).as(document).isNotNull();
        assertThat(fault.name()).isEqualTo(FaultName.MalformedPolicyDocumentException);
        return fault.text();
    }

    private static String identityRefusal(String statement) {
        return catchThrowableOfType(KmsFault.class, () -> Policies.identity(statement)).text();
    }
}
