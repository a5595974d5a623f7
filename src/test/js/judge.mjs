// Puts each case of a file, a line of JSON each, to an outside simulator of IAM, and prints those
// that it decides otherwise than Keyhold. Exit code 1 if there are any.
import { readFileSync } from 'node:fs'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const ROOT_MAY_DO_ALL = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }]
}

// It asks for a policy of an account's root too; AWS does not.
const policiesOf = (one) =>
  (one.principal.endsWith(':root') ? [...one.identity, ROOT_MAY_DO_ALL] : one.identity).map(
    (policy, index) => ({ name: `policy-${index}`, policy })
  )

const allowing = (one, names) =>
  one.keyPolicy.Statement.some(
    (statement) => statement.Effect === 'Allow' && names(statement.Principal)
  )

const policiesAround = (one) => [one.keyPolicy, ...one.identity, one.boundary, one.session]

const unsetVariable = (one, pattern) =>
  policiesAround(one).some((policy) => pattern.test(JSON.stringify(policy) ?? ''))

const NOT_RESOURCE = /"NotResource":"[^"]*\$\{aws:PrincipalTag\/part/
const NEGATED = /String(NotEquals|NotLike)[^{]*\{[^\]]*\$\{aws:PrincipalTag\/team/

// Where it is known to decide otherwise, and why Keyhold does not follow.
const knownDifference = (one, theirs) => {
  if (theirs === 'Allowed') {
    return (
      // It takes Principal "*" for a session to name the session itself, so that neither boundary
      // nor session policy narrows it; Keyhold takes it to name the role, which they do narrow.
      (['NO_BOUNDARY', 'NO_SESSION_POLICY'].includes(one.answer) &&
        allowing(one, (principal) => principal === '*')) ||
      // A deny for all but a resource whose variable has no value: here it denies.
      (one.answer.startsWith('DENY_') && unsetVariable(one, NOT_RESOURCE)) ||
      // A deny for all values but one that has no value: likewise.
      (one.answer.startsWith('DENY_') && unsetVariable(one, NEGATED))
    )
  }
  // Nothing equals a variable without a value (IAM User Guide, Policy variables with no value), so a
  // negated operator holds. It takes the condition not to hold.
  if (!('aws:PrincipalTag/team' in one.context) && unsetVariable(one, NEGATED)) {
    return true
  }
  // A key policy that names the session itself is not limited by the session policy (IAM User
  // Guide, Session policies).
  return one.session !== undefined && allowing(one, (principal) => principal.AWS === one.principal)
}

const simulate = async (one) => {
  const result = await runSimulation(
    {
      request: {
        principal: one.principal,
        action: one.action,
        resource: { resource: one.resource, accountId: one.owner },
        contextVariables: Object.fromEntries(
          Object.entries(one.context).map(([key, values]) => [
            key,
            key === 'kms:EncryptionContextKeys' ? values : values[0]
          ])
        )
      },
      identityPolicies: policiesOf(one),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: one.keyPolicy,
      permissionBoundaryPolicies: one.boundary && [{ name: 'boundary', policy: one.boundary }],
      sessionPolicy: one.session
    },
    {}
  )
  if (result.resultType === 'error') {
    throw new Error(`seed ${one.seed}: ${JSON.stringify(result.errors)}`)
  }
  return result.overallResult
}

let same = 0
let known = 0
let other = 0
for (const line of readFileSync(process.argv[2], 'utf8').trim().split('\n')) {
  const one = JSON.parse(line)
  const theirs = await simulate(one)
  if ((theirs === 'Allowed') === (one.answer === 'ALLOWED')) {
    same++
  } else if (knownDifference(one, theirs)) {
    known++
  } else {
    other++
    console.log(`seed ${one.seed}: Keyhold ${one.answer}, outside ${theirs}`)
  }
}
console.log(`judge: ${same} the same, ${known} otherwise for a known reason, ${other} unexplained`)
process.exitCode = other > 0 || same === 0 ? 1 : 0
