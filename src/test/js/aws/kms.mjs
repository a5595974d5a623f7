// kms.mjs ENDPOINT: the main job by the AWS SDK for JavaScript; prints what it saw as JSON.
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  InvalidCiphertextException,
  KMSClient,
  ListKeysCommand,
  NotFoundException
} from '@aws-sdk/client-kms'

const endpoint = { endpoint: process.argv[2], region: 'us-east-1' }
const kms = new KMSClient(endpoint)
const EncryptionContext = { purpose: 'test', 'ü': '€' }

const refusal = async (command, type) => {
  try {
    await kms.send(command)
    return {}
  } catch (e) {
    return { name: e.name, modelled: e instanceof type, status: e.$metadata.httpStatusCode }
  }
}

// A client whose clock is wrong signs by the time that the refusal came with.
const attempts = async (ahead) => {
  const { now } = Date
  Date.now = () => now() + ahead
  try {
    return (await new KMSClient(endpoint).send(new ListKeysCommand({}))).$metadata.attempts
  } finally {
    Date.now = now
  }
}
const HOUR = 60 * 60 * 1000

const Plaintext = Buffer.from('attack at dawn')
const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({ Description: 'by node' }))
const sealed = await kms.send(new EncryptCommand({ KeyId: key.Arn, Plaintext, EncryptionContext }))
const blob = { CiphertextBlob: sealed.CiphertextBlob }
const opened = await kms.send(new DecryptCommand({ ...blob, EncryptionContext }))

console.log(
  JSON.stringify({
    arn: key.Arn,
    description: key.Description,
    created: key.CreationDate.getTime(),
    keyOfCiphertext: sealed.KeyId,
    plaintext: Buffer.from(opened.Plaintext).toString(),
    unknown: await refusal(new DescribeKeyCommand({ KeyId: 'alias/nobody' }), NotFoundException),
    attemptsBehind: await attempts(-HOUR),
    attemptsAhead: await attempts(HOUR),
    withoutContext: await refusal(new DecryptCommand(blob), InvalidCiphertextException)
  })
)
