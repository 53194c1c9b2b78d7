import t from 'tap'
import { isLoopbackAddress, isPublicAddress } from './address.ts'

void t.test('hosts of the internet', async (t) => {
  for (const address of [
    '8.8.8.8',
    '142.250.185.78',
    '2a00:1450:4001:82f::200e',
    '2606:4700::1111',
  ])
    t.equal(isPublicAddress(address), true, address)
})

void t.test('what is not', async (t) => {
  const inside = [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    '2001:db8::1',
    '',
    'localhost',
    '127.1',
    '0x7f000001',
  ]
  for (const address of inside) t.equal(isPublicAddress(address), false, address)
  t.equal(isPublicAddress('172.32.0.1'), true, 'the neighbour of a private network')
})

void t.test('this machine', async (t) => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1'])
    t.equal(isLoopbackAddress(address), true, address)
  for (const address of ['10.0.0.1', '8.8.8.8', '0.0.0.0', 'localhost', '::2'])
    t.equal(isLoopbackAddress(address), false, address)
})
