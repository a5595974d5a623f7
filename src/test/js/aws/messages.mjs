// messages.mjs ENDPOINT KEY_ARN IN OUT: opens the message in the file IN and seals another one into
// OUT by AWS's Encryption SDK; prints what it saw as JSON.
import { readFileSync, writeFileSync } from 'node:fs'
import { buildClient, CommitmentPolicy, getClient, KmsKeyringNode } from '@aws-crypto/client-node'
import { KMS } from '@aws-sdk/client-kms'

const [endpoint, generatorKeyId, from, to] = process.argv.slice(2)
const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
const keyring = new KmsKeyringNode({ generatorKeyId, clientProvider: getClient(KMS, { endpoint }) })

const open = async (message) => {
  const { plaintext, messageHeader } = await decrypt(keyring, message)
  return {
    plaintext: plaintext.toString(),
    purpose: messageHeader.encryptionContext.purpose,
    suite: messageHeader.suiteId
  }
}

const refusal = async (message) => {
  try {
    await decrypt(keyring, message)
    return ''
  } catch (e) {
    return e.message
  }
}

const theirs = readFileSync(from)
const ofAnotherPurpose = Buffer.from(theirs)
ofAnotherPurpose[theirs.indexOf('test')]++
const { result } = await encrypt(keyring, 'from node', { encryptionContext: { purpose: 'test' } })
writeFileSync(to, result)

console.log(
  JSON.stringify({
    theirs: await open(theirs),
    own: await open(result),
    refusal: await refusal(ofAnotherPurpose)
  })
)
