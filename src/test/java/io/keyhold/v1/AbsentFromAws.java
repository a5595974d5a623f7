package io.keyhold.v1;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Why something of AWS KMS's model is not here, or something here is not in it. */
final class AbsentFromAws {

    static final String HEAD =
            """
            # AWS KMS's model, and this one

            Every verb, structure and literal of AWS KMS's model, with the fields in its order; `!` is what it
            requires. Names and types are the same here. The last column says what is different. A test makes
            this file.
            """;

    private static final String STORES = "there are no custom key stores yet";
    private static final String REGIONS = "there are no multi-Region keys yet";
    private static final String ENCLAVES = "nobody checks an enclave's attestation yet";

    /** Verbs, structures and enums that are not here. */
    static final Map<String, String> SHAPES =
            Map.ofEntries(
                    Map.entry("ConnectCustomKeyStore", STORES),
                    Map.entry("CreateCustomKeyStore", STORES),
                    Map.entry("DeleteCustomKeyStore", STORES),
                    Map.entry("DescribeCustomKeyStores", STORES),
                    Map.entry("DisconnectCustomKeyStore", STORES),
                    Map.entry("UpdateCustomKeyStore", STORES),
                    Map.entry("CustomKeyStoresListEntry", STORES),
                    Map.entry("XksProxyAuthenticationCredentialType", STORES),
                    Map.entry("XksProxyConfigurationType", STORES),
                    Map.entry("ConnectionErrorCodeType", STORES),
                    Map.entry("ConnectionStateType", STORES),
                    Map.entry("CustomKeyStoreType", STORES),
                    Map.entry("XksProxyConnectivityType", STORES),
                    Map.entry("ReplicateKey", REGIONS),
                    Map.entry("UpdatePrimaryRegion", REGIONS));

    /** Parameters that are here and refused by name. */
    static final Map<String, String> REFUSED =
            Map.of(
                    "CustomKeyStoreId", STORES,
                    "XksKeyId", STORES,
                    "MultiRegion", REGIONS,
                    "Recipient", ENCLAVES,
                    "DryRunModifiers", "a dry run decrypts, and needs the ciphertext");

    /** Fields of answers that no answer has. */
    static final Map<String, String> NEVER_SET =
            Map.of(
                    "CiphertextForRecipient", ENCLAVES,
                    "CustomKeyStoreId", STORES,
                    "CloudHsmClusterId", STORES,
                    "XksKeyConfiguration", STORES,
                    "MultiRegionConfiguration", REGIONS,
                    "PendingDeletionWindowInDays", REGIONS);

    /** Parameters that AWS's model does not require. */
    static final Map<String, String> REQUIRED =
            Map.of("CiphertextBlob", "only DryRunModifiers would let it be left out");

    static final Map<String, String> OWN_VERBS =
            Map.of(
                    "ExplainAccess", "why somebody may, or may not, do something with a key",
                    "CreateAccount",
                            "makes an account known; AWS Organizations has one of that name",
                    "ListAccounts", "the accounts that are known; likewise",
                    "PutServiceKey", "an account's own key for a service",
                    "GetServiceKey", "likewise",
                    "ListServiceKeys", "likewise",
                    "DeleteServiceKey", "likewise",
                    "Reconcile", "what keys and token do not have in common",
                    "AdoptKeyMaterial", "takes back an object that only the token knows");

    static final Map<String, String> OWN_FIELDS =
            Map.of(
                    "Warning", "the key was used within the last 30 days",
                    "LastEncryptionDate", "when this material encrypted last",
                    "LastDecryptionDate", "when it decrypted last",
                    "DecryptionCount", "how often it decrypted: whether it is still needed");

    private AbsentFromAws() {}

    /** All names that have a reason. */
    static Set<String> all() {
        Set<String> all = new TreeSet<>();
        Stream.of(SHAPES, REFUSED, NEVER_SET, REQUIRED, OWN_VERBS, OWN_FIELDS)
                .forEach(reasons -> all.addAll(reasons.keySet()));
        return all;
    }
}
