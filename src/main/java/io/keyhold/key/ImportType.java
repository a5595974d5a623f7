package io.keyhold.key;

/** Whether material that is imported was in its key before ({@code ImportType}). */
public enum ImportType {
    EXISTING_KEY_MATERIAL,
    NEW_KEY_MATERIAL
}
