package io.keyhold.policy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** A value of a condition, ready to be compared with what a request has. */
@FunctionalInterface
interface Comparand {

    /** 2026-01-31T12:00:00.123456789+01:00 and some room. */
    int LONGEST_DATE = 40;

    /** Longer numbers, or exponents, cost time to compare and mean nothing here. */
    Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,30}(\\.[0-9]{1,30})?");

    /** Seconds since 1970. */
    Pattern EPOCH_SECONDS = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,9})?");

    /** The end of a date that has an offset. */
    Pattern OFFSET = Pattern.compile("T.*[+-]");

    /** Whether a value of the request fits. One that cannot be compared does not fit. */
    boolean fits(String actual, ContextKeys keys);

    /**
     * A value as a policy has it.
     *
     * @param variables whether the policy's version has variables
     */
    record Text(String value, boolean variables) {

        Template template(boolean wildcards) {
            if (variables) {
                return Template.variables(value, wildcards);
            }
            return wildcards ? Template.wildcards(value) : Template.literal(value);
        }
    }

    /** Equal, letter by letter. */
    static Comparand string(Text text) {
        Template template = text.template(false);
        return template::matches;
    }

    /** Equal but for upper and lower case. */
    static Comparand stringIgnoreCase(Text text) {
        Template template = text.template(false);
        return (actual, keys) ->
                template.fill(keys).filter(filled -> filled.equalsIgnoreCase(actual)).isPresent();
    }

    /** With wildcards. */
    static Comparand like(Text text) {
        Template template = text.template(true);
        return template::matches;
    }

    /** An ARN, part by part, each with wildcards. */
    static Comparand arn(Text text) {
        if (text.value().equals("*")) {
            return (actual, keys) -> true;
        }
        ArnTemplate template = ArnTemplate.parse(text);
        return template::matches;
    }

    /** true or false. */
    static Comparand bool(Text text) {
        Template template = text.template(false);
        boolean variable = text.variables() && text.value().contains("${");
        String lower = text.value().toLowerCase(Locale.ROOT);
        if (!variable && !lower.equals("true") && !lower.equals("false")) {
            throw new IllegalArgumentException("a truth value is true or false");
        }
        return (actual, keys) ->
                template.fill(keys).filter(filled -> filled.equalsIgnoreCase(actual)).isPresent();
    }

    /** Bytes, as Base64. */
    static Comparand binary(Text text) {
        byte[] expected = Base64.getDecoder().decode(text.value());
        return (actual, keys) -> {
            try {
                return MessageDigest.isEqual(
                        expected,
                        Base64.getDecoder().decode(actual.getBytes(StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException e) {
                return false; // no Base64: cannot be compared
            }
        };
    }

    /** A number, which the request's is compared with. */
    static Comparand number(Text text, IntPredicate sign) {
        BigDecimal expected =
                decimal(text.value())
                        .orElseThrow(() -> new IllegalArgumentException("it is no number"));
        return (actual, keys) ->
                decimal(actual).filter(n -> sign.test(n.compareTo(expected))).isPresent();
    }

    /** A date and time, which the request's is compared with. */
    static Comparand date(Text text, IntPredicate sign) {
        Instant expected =
                instant(text.value())
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "a date is ISO 8601, as 2026-01-31T12:00:00Z, or"
                                                        + " seconds since 1970"));
        return (actual, keys) ->
                instant(actual).filter(t -> sign.test(t.compareTo(expected))).isPresent();
    }

    /** Addresses in CIDR notation. */
    static Comparand network(Text text) {
        Network network = Network.parse(text.value());
        return (actual, keys) -> network.contains(actual);
    }

    static boolean isNumber(String text) {
        return decimal(text).isPresent();
    }

    static boolean isDate(String text) {
        return instant(text).isPresent();
    }

    static boolean isAddress(String text) {
        return Network.isAddress(text);
    }

    private static Optional<BigDecimal> decimal(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return Optional.empty();
        }
        return Optional.of(new BigDecimal(text));
    }

    private static Optional<Instant> instant(String text) {
        if (text.length() > LONGEST_DATE) {
            return Optional.empty();
        }
        if (EPOCH_SECONDS.matcher(text).matches()) {
            BigDecimal seconds = new BigDecimal(text);
            BigDecimal nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9);
            return Optional.of(Instant.ofEpochSecond(seconds.longValue(), nanos.longValue()));
        }
        try {
            if (!text.contains("T")) {
                return Optional.of(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            boolean zoned = text.endsWith("Z") || OFFSET.matcher(text).find();
            return Optional.of(
                    zoned
                            ? OffsetDateTime.parse(text, DateTimeFormatter.ISO_DATE_TIME)
                                    .toInstant()
                            : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
