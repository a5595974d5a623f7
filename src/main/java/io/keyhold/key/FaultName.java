package io.keyhold.key;

/**
 * AWS's exception names: those of the models of KMS and IAM that this daemon can answer with, and
 * the common ones of every AWS service.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html">Common
 *     errors</a>
 */
public enum FaultName {
    AccessDeniedException,
    AlreadyExistsException,
    ConflictException,
    DeleteConflictException,
    DependencyTimeoutException,
    DisabledException,
    DryRunOperationException,
    EntityAlreadyExistsException,
    ExpiredImportTokenException,
    ExpiredTokenException,
    IncompleteSignatureException,
    IncorrectKeyException,
    IncorrectKeyMaterialException,
    InvalidAliasNameException,
    InvalidArnException,
    InvalidCiphertextException,
    InvalidGrantIdException,
    InvalidGrantTokenException,
    InvalidImportTokenException,
    InvalidInputException,
    InvalidKeyUsageException,
    InvalidMarkerException,
    InvalidSignatureException,
    KMSInternalException,
    KMSInvalidMacException,
    KMSInvalidSignatureException,
    KMSInvalidStateException,
    KeyUnavailableException,
    LimitExceededException,
    MalformedPolicyDocumentException,
    MissingAuthenticationTokenException,
    NoSuchEntityException,
    NotFoundException,
    PackedPolicyTooLargeException,
    SerializationException,
    TagException,
    ThrottlingException,
    UnknownOperationException,
    UnrecognizedClientException,
    UnsupportedOperationException,
    ValidationException
}
