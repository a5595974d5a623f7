package io.keyhold.operation.grants;

import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Grant;
import io.keyhold.key.GrantTerms;
import io.keyhold.key.Principal;
import io.keyhold.operation.Page;
import io.keyhold.operation.Timestamps;
import io.keyhold.v1.GrantConstraints;
import io.keyhold.v1.GrantListEntry;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.ListGrantsResponse;
import java.util.List;
import java.util.function.Consumer;

/** Grants as callers see them. */
final class GrantPage {

    static final int USUAL_LIMIT = 50;

    private GrantPage() {}

    /**
     * @param verb whose marker leads to the next page
     * @param oneMore the grants of the page, and one more if there is one
     */
    static ListGrantsResponse of(String verb, List<Grant> oneMore, int limit) {
        Page<Grant> page = Page.of(oneMore, limit, grant -> Page.marker(verb, grant.id()));
        ListGrantsResponse.Builder response =
                ListGrantsResponse.newBuilder().setTruncated(page.marker().isPresent());
        page.marker().ifPresent(response::setNextMarker);
        page.elements().forEach(grant -> response.addGrants(entry(grant)));
        return response.build();
    }

    private static GrantListEntry entry(Grant grant) {
        GrantTerms terms = grant.terms();
        GrantListEntry.Builder entry =
                GrantListEntry.newBuilder()
                        .setKeyId(grant.key().toString())
                        .setGrantId(grant.id())
                        .setCreationDate(Timestamps.of(grant.createdAt()))
                        .setIssuingAccount(terms.issuingAccount().toString());
        if (!terms.name().isEmpty()) {
            entry.setName(terms.name());
        }
        show(terms.grantee(), entry::setGranteePrincipal, entry::setGranteeServicePrincipal);
        terms.retiring()
                .ifPresent(
                        retiring ->
                                show(
                                        retiring,
                                        entry::setRetiringPrincipal,
                                        entry::setRetiringServicePrincipal));
        terms.operations().stream()
                .sorted()
                .map(operation -> GrantOperation.Value.valueOf(operation.name()))
                .forEach(entry::addOperations);
        if (!terms.constraints().equals(io.keyhold.key.GrantConstraints.NONE)) {
            entry.setConstraints(constraints(terms.constraints()));
        }
        return entry.build();
    }

    private static void show(
            BoundPrincipal bound, Consumer<String> ofAccount, Consumer<String> service) {
        switch (bound.principal()) {
            case Principal.OfAccount named -> ofAccount.accept(named.toString());
            case Principal.Service named -> service.accept(named.toString());
        }
    }

    private static GrantConstraints constraints(io.keyhold.key.GrantConstraints constraints) {
        GrantConstraints.Builder shown =
                GrantConstraints.newBuilder()
                        .putAllEncryptionContextEquals(constraints.equal())
                        .putAllEncryptionContextSubset(constraints.subset());
        constraints.sourceArn().ifPresent(shown::setSourceArn);
        return shown.build();
    }
}
