package io.keyhold.key;

/**
 * AWS's exception names: those of the KMS model that this daemon can answer with, and the common
 * ones of every AWS service.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html">Common
 *     errors</a>
 */
public enum FaultName {
    AccessDeniedException,
    AlreadyExistsException,
    ConflictException,
    DependencyTimeoutException,
    DisabledException,
    DryRunOperationException,
    IncorrectKeyException,
    InvalidAliasNameException,
    InvalidArnException,
    InvalidCiphertextException,
    InvalidGrantIdException,
    InvalidGrantTokenException,
    InvalidKeyUsageException,
    InvalidMarkerException,
    KMSInternalException,
    KMSInvalidStateException,
    KeyUnavailableException,
    LimitExceededException,
    MalformedPolicyDocumentException,
    MissingAuthenticationTokenException,
    NotFoundException,
    SerializationException,
    TagException,
    ThrottlingException,
    UnrecognizedClientException,
    UnsupportedOperationException,
    ValidationException
}
