// kms.mjs ENDPOINT: the main job by the AWS SDK for JavaScript; prints what it saw as JSON.
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  InvalidCiphertextException,
  KMSClient,
  NotFoundException
} from '@aws-sdk/client-kms'

const kms = new KMSClient({ endpoint: process.argv[2], region: 'us-east-1' })
const EncryptionContext = { purpose: 'test', 'ü': '€' }

const refusal = async (command, type) => {
  try {
    await kms.send(command)
    return {}
  } catch (e) {
    return { name: e.name, modelled: e instanceof type, status: e.$metadata.httpStatusCode }
  }
}

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
    withoutContext: await refusal(new DecryptCommand(blob), InvalidCiphertextException)
  })
)
