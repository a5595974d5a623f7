"""round_trip.py ENDPOINT BLOB: a round trip by boto3, and the ciphertext in the file BLOB; prints
what it saw as JSON."""

import datetime
import json
import pathlib
import sys

import boto3
import botocore.exceptions

endpoint, blob = sys.argv[1:]
kms = boto3.client("kms", endpoint_url=endpoint)
context = {"purpose": "test"}


def refusal(call, **request):
    try:
        call(**request)
    except botocore.exceptions.ClientError as error:
        answer = error.response
        return [
            type(error).__name__,
            answer["Error"]["Code"],
            answer["ResponseMetadata"]["HTTPStatusCode"],
        ]
    return []


key = kms.create_key(Description="by boto3")["KeyMetadata"]
sealed = kms.encrypt(KeyId=key["Arn"], Plaintext=b"attack at dawn", EncryptionContext=context)
own = sealed["CiphertextBlob"]
opened = kms.decrypt(CiphertextBlob=own, EncryptionContext=context)
theirs = kms.decrypt(CiphertextBlob=pathlib.Path(blob).read_bytes(), EncryptionContext=context)

json.dump(
    {
        "arn": key["Arn"],
        "age": (datetime.datetime.now(datetime.timezone.utc) - key["CreationDate"]).total_seconds(),
        "keyOfCiphertext": sealed["KeyId"],
        "plaintext": opened["Plaintext"].decode(),
        "theirs": theirs["Plaintext"].decode(),
        "unknown": refusal(kms.describe_key, KeyId="alias/nobody"),
        "withoutContext": refusal(kms.decrypt, CiphertextBlob=own),
        "tooMuch": refusal(kms.generate_random, NumberOfBytes=1024 * 1024),
    },
    sys.stdout,
)
