// Policies for the network: grants, and the questions that programs ask.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Policy } from 'landbridge'
import { kind } from './guests.mjs'

const none = Policy.none()

test('ports are a number or a text', () => {
  for (const ports of [443, '443', '443-443']) {
    const policy = none.withTcpConnect('10.0.0.0/8', ports)
    assert.equal(JSON.parse(policy.toJson()).network.tcp_connect[0].ports, '443')
    assert.ok(policy.equals(none.withTcpConnect('10.0.0.0/8', 443)) && !policy.equals(none))
  }
  const all = none.withUdpBind('0.0.0.0/0', '*')
  assert.ok(all.equals(none.withUdpBind('0.0.0.0/0', '0-65535')) && all.allowsUdpBind('0.0.0.0', 65535))
})

test('each grant is for its own question', () => {
  const grants = {
    TcpConnect: none.withTcpConnect('::1', 8000), TcpBind: none.withTcpBind('::1', 8000),
    UdpConnect: none.withUdpConnect('::1', 8000), UdpBind: none.withUdpBind('::1', 8000),
  }
  for (const [granted, policy] of Object.entries(grants)) {
    for (const asked of Object.keys(grants)) assert.equal(policy[`allows${asked}`]('::1', 8000), asked === granted, asked)
    assert.equal(policy[`allows${granted}`]('::1', 8001), false)
    assert.ok(Policy.fromJson(policy.toJson()).equals(policy))
  }
})

test('names and requests', () => {
  const policy = none.withName('*.example.org', '440-449').withHttp('https', 'api.example.org', 443, 'GET')
  assert.ok(policy.allowsName('WWW.example.org.') && !policy.allowsName('example.org'))
  assert.ok(policy.allowsNamePort('www.example.org', 443) && !policy.allowsNamePort('www.example.org', 80))
  assert.ok(policy.allowsHttp('https', 'api.example.org', 443, 'GET'))
  for (const other of [['http', 'api.example.org', 443, 'GET'], ['https', 'www.example.org', 443, 'GET'], ['https', 'api.example.org', 80, 'GET'], ['https', 'api.example.org', 443, 'PUT']]) {
    assert.equal(policy.allowsHttp(...other), false, `${other}`)
  }
  assert.ok(policy.restrict(none.withName('a.example.org', '*')).equals(none.withName('a.example.org', '440-449')))
})

test('grants that are none', () => {
  for (const sort of ['TcpConnect', 'TcpBind', 'UdpConnect', 'UdpBind', 'Name']) {
    const grant = none[`with${sort}`].bind(none)
    const place = sort === 'Name' ? 'a.example.org' : '192.0.2.1'
    for (const bad of [undefined, null, 443n, {}, [1, 2]]) {
      assert.throws(() => grant(place, bad), kind('type', /^ports: expected a number, or a text such as 8000-8999 or \*, got/))
    }
    for (const bad of ['', 'http', '9-1', '-1', '65536', ' 1']) assert.throws(() => grant(place, bad), kind('type', /no ports are/))
    for (const bad of [-1, 65536, 2 ** 60]) assert.throws(() => grant(place, bad), kind('range', /^ports: -?\d+ is out of range \(0 to 65535\)/))
    for (const bad of [1.5, NaN]) assert.throws(() => grant(place, bad), kind('type', /^ports: expected/))
    for (const bad of [undefined, 5, new URL('http://a.example.org')]) {
      assert.throws(() => grant(bad, 1), kind('type', /^(network|name): expected a string, got/))
    }
  }
  assert.throws(() => none.withTcpBind('localhost', 1), kind('type', /"localhost" is no address or network; write/))
  assert.throws(() => none.withName('a.example.org:80', 1), kind('type', /no name of a host/))
  const http = (scheme, host, ports, method) => () => none.withHttp(scheme, host, ports, method)
  assert.throws(http('ftp', 'a', 1, '*'), kind('type', /write http or https/))
  assert.throws(http('http', 'a', 1), kind('type', /method: expected a string, got undefined/))
  assert.throws(http('http', undefined, 1, 'GET'), kind('type', /host: expected a string/))
  assert.throws(http(5, 'a', 1, 'GET'), kind('type', /scheme: expected a string, got number/))
  assert.throws(http('http', 'a', undefined, 'GET'), kind('type', /^ports: expected/))
})

test('questions that are none', () => {
  for (const sort of ['TcpConnect', 'TcpBind', 'UdpConnect', 'UdpBind']) {
    const ask = none[`allows${sort}`].bind(none)
    for (const bad of ['localhost', '[::1]', '1.2.3.4:80', '']) {
      assert.throws(() => ask(bad, 80), kind('type', /^address: expected one such as 192\.0\.2\.1 or 2001:db8::1, got ".*a name is asked for by itself/))
    }
    assert.throws(() => ask({ address: '::1' }, 80), kind('type', /^address: expected a string, got object/))
    for (const bad of [-1, 65536]) assert.throws(() => ask('::1', bad), kind('range', /^port: -?\d+ is out of range/))
    for (const bad of ['80', undefined, 0.5]) assert.throws(() => ask('::1', bad), kind('type', /^port: expected/))
  }
  assert.throws(() => none.allowsName(), kind('type', /^name: expected a string/))
  assert.throws(() => none.allowsNamePort('a', '80'), kind('type', /^port: expected/))
  assert.throws(() => none.allowsHttp('http', 'a', 80), kind('type', /^method: expected a string/))
  assert.throws(() => none.allowsHttp('http', 'a', 65536, 'GET'), kind('range', /^port: 65536 is out of range \(0 to 65535\)/))
})
