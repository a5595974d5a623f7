package io.keyhold.operation;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.keyhold.policy.ContextKey;
import io.keyhold.policy.ContextKeys;
import io.keyhold.v1.IamTag;
import io.keyhold.v1.Tag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The condition keys that a request's own fields answer, by the fields' AWS names.
 *
 * @see "AWS KMS Developer Guide, Condition keys for AWS KMS"
 */
final class RequestKeys implements ContextKeys {

    private static final String CONTEXT = "EncryptionContext";

    /**
     * Condition key to request field; the service prefix says which of AWS's two lists it is in.
     */
    private static final Map<String, String> FIELDS =
            Map.ofEntries(
                    Map.entry("iam:permissionsboundary", "PermissionsBoundary"),
                    Map.entry("iam:policyarn", "PolicyArn"),
                    Map.entry(
                            "kms:bypasspolicylockoutsafetycheck", "BypassPolicyLockoutSafetyCheck"),
                    Map.entry("kms:datakeypairspec", "KeyPairSpec"),
                    Map.entry("kms:encapsulationalgorithm", "EncapsulationAlgorithm"),
                    Map.entry("kms:encryptionalgorithm", "EncryptionAlgorithm"),
                    Map.entry("kms:expirationmodel", "ExpirationModel"),
                    Map.entry("kms:granteeprincipal", "GranteePrincipal"),
                    Map.entry("kms:granteeserviceprincipal", "GranteeServicePrincipal"),
                    Map.entry("kms:grantoperations", "Operations"),
                    Map.entry("kms:keyagreementalgorithm", "KeyAgreementAlgorithm"),
                    Map.entry("kms:keyorigin", "Origin"),
                    Map.entry("kms:keyspec", "KeySpec"),
                    Map.entry("kms:keyusage", "KeyUsage"),
                    Map.entry("kms:macalgorithm", "MacAlgorithm"),
                    Map.entry("kms:messagetype", "MessageType"),
                    Map.entry("kms:multiregion", "MultiRegion"),
                    Map.entry("kms:primaryregion", "PrimaryRegion"),
                    Map.entry("kms:replicaregion", "ReplicaRegion"),
                    Map.entry("kms:retiringprincipal", "RetiringPrincipal"),
                    Map.entry("kms:retiringserviceprincipal", "RetiringServicePrincipal"),
                    Map.entry("kms:rotationperiodindays", "RotationPeriodInDays"),
                    Map.entry("kms:schedulekeydeletionpendingwindowindays", "PendingWindowInDays"),
                    Map.entry("kms:signingalgorithm", "SigningAlgorithm"),
                    Map.entry("kms:validto", "ValidTo"),
                    Map.entry("kms:wrappingalgorithm", "WrappingAlgorithm"),
                    Map.entry("kms:wrappingkeyspec", "WrappingKeySpec"),
                    Map.entry("sts:durationseconds", "DurationSeconds"),
                    Map.entry("sts:externalid", "ExternalId"),
                    Map.entry("sts:rolesessionname", "RoleSessionName"));

    /** What AWS takes for granted where a request does not say it. */
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "DurationSeconds", "3600",
                    "EncryptionAlgorithm", "SYMMETRIC_DEFAULT",
                    "ExpirationModel", "KEY_MATERIAL_EXPIRES",
                    "KeySpec", "SYMMETRIC_DEFAULT",
                    "KeyUsage", "ENCRYPT_DECRYPT",
                    "MessageType", "RAW",
                    "Origin", "AWS_KMS",
                    "PendingWindowInDays", "30");

    private final Message request;
    private final String prefix;
    private @Nullable Map<String, List<String>> contextValues;

    /**
     * @param prefix of the fields that one side of a request has: Source, Destination; or empty
     */
    RequestKeys(Message request, String prefix) {
        this.request = request;
        this.prefix = prefix;
    }

    @Override
    public List<String> values(ContextKey key) {
        return switch (key.name()) {
            case "kms:encryptioncontext" -> context(key.parameter());
            case "kms:encryptioncontextkeys" -> contextKeys();
            case "kms:grantconstrainttype" -> constraintTypes();
            case "kms:grantconstraintsourcearn" -> constraintSourceArn();
            case "aws:tagkeys" -> tagKeys();
            case "aws:requesttag" -> tag(key.parameter());
            default -> {
                String field = FIELDS.get(key.name());
                yield field == null ? List.of() : field(field);
            }
        };
    }

    private List<String> field(String name) {
        FieldDescriptor field = find(prefix + name);
        if (field == null) {
            return List.of();
        }
        if (field.isRepeated()) {
            return ((List<?>) request.getField(field)).stream().map(RequestKeys::text).toList();
        }
        Object value = request.getField(field);
        boolean given = request.hasField(field) && !isUnspecified(value);
        if (given) {
            return List.of(text(value));
        }
        String fallback = DEFAULTS.get(name);
        return fallback != null
                ? List.of(fallback)
                : field.getJavaType() == JavaType.BOOLEAN ? List.of("false") : List.of();
    }

    /** Names compare in lower case, so two of them may mean the same. */
    private List<String> context(String name) {
        if (contextValues == null) {
            Map<String, List<String>> values = new HashMap<>();
            for (MapEntry<?, ?> entry : contextEntries()) {
                values.computeIfAbsent(
                                entry.getKey().toString().toLowerCase(Locale.ROOT),
                                lower -> new ArrayList<>(1))
                        .add(entry.getValue().toString());
            }
            contextValues = values;
        }
        return contextValues.getOrDefault(name, List.of());
    }

    private List<String> contextKeys() {
        return contextEntries().stream().map(entry -> entry.getKey().toString()).toList();
    }

    private List<MapEntry<?, ?>> contextEntries() {
        FieldDescriptor field = find(prefix + CONTEXT);
        List<MapEntry<?, ?>> entries = new ArrayList<>();
        if (field != null) {
            for (Object entry : (List<?>) request.getField(field)) {
                entries.add((MapEntry<?, ?>) entry);
            }
        }
        return entries;
    }

    private Optional<Message> constraints() {
        FieldDescriptor field = find("Constraints");
        return field == null || !request.hasField(field)
                ? Optional.empty()
                : Optional.of((Message) request.getField(field));
    }

    private List<String> constraintTypes() {
        return constraints().stream()
                .flatMap(constraints -> constraints.getAllFields().keySet().stream())
                .map(FieldDescriptor::getJsonName)
                .toList();
    }

    private List<String> constraintSourceArn() {
        return constraints()
                .map(constraints -> new RequestKeys(constraints, "").field("SourceArn"))
                .orElse(List.of());
    }

    private List<String> tagKeys() {
        FieldDescriptor removed = find("TagKeys");
        return removed != null
                ? ((List<?>) request.getField(removed)).stream().map(Object::toString).toList()
                : tags().stream().map(Map.Entry::getKey).toList();
    }

    private List<String> tag(String name) {
        return tags().stream()
                .filter(tag -> tag.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    private List<Map.Entry<String, String>> tags() {
        FieldDescriptor field = find("Tags");
        List<Map.Entry<String, String>> tags = new ArrayList<>();
        if (field != null) {
            for (Object element : (List<?>) request.getField(field)) {
                switch (element) {
                    case Tag tag -> tags.add(Map.entry(tag.getTagKey(), tag.getTagValue()));
                    case IamTag tag -> tags.add(Map.entry(tag.getKey(), tag.getValue()));
                    default -> {} // no tag
                }
            }
        }
        return tags;
    }

    private @Nullable FieldDescriptor find(String jsonName) {
        return JsonNames.find(request.getDescriptorForType(), jsonName);
    }

    private static boolean isUnspecified(Object value) {
        return value instanceof EnumValueDescriptor known && known.getNumber() == 0;
    }

    private static String text(Object value) {
        return switch (value) {
            case EnumValueDescriptor known -> known.getName();
            case Timestamp time ->
                    Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
            default -> value.toString();
        };
    }
}
