package io.keyhold.policy;

/** The kinds of policy documents, which differ in what a statement must and may have. */
enum PolicyDialect {
    /** The policy of a key: names principals; without Action or Resource it has no effect. */
    KEY(true, false, true, "[\\x20-\\x7E]*", "printable ASCII"),
    /** A policy of a user, group, role or session: it is about whoever has it. */
    IDENTITY(false, true, true, "[A-Za-z0-9]*", "letters and digits"),
    /** Who may assume a role: the resource is the role. */
    TRUST(true, true, false, "[A-Za-z0-9]*", "letters and digits");

    private final boolean principals;
    private final boolean complete;
    private final boolean resources;
    private final String sid;
    private final String sidInWords;

    PolicyDialect(
            boolean principals,
            boolean complete,
            boolean resources,
            String sid,
            String sidInWords) {
        this.principals = principals;
        this.complete = complete;
        this.resources = resources;
        this.sid = sid;
        this.sidInWords = sidInWords;
    }

    /** Whether its statements name principals: then they must, else they must not. */
    boolean hasPrincipals() {
        return principals;
    }

    /** Whether its statements must have all elements. */
    boolean mustBeComplete() {
        return complete;
    }

    /** Whether its statements name resources. */
    boolean hasResources() {
        return resources;
    }

    boolean isSid(String text) {
        return text.matches(sid);
    }

    /** What a Sid may hold. */
    String sidInWords() {
        return sidInWords;
    }
}
