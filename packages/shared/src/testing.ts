export {
  createTestKey,
  mintTestToken,
  type TestKey,
  type TestTokenOptions,
} from './testing/mint-test-token.ts'
export { startTestIssuer, type TestIssuer, type TestIssuerOptions } from './testing/test-issuer.ts'
