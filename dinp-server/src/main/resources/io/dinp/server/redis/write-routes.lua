-- Writes one change set of routes atomically.
-- ARGV: the epoch expected ('' for none yet), the version expected ('0' for none yet), the epoch to set, the change as JSON.
-- Returns the new version, or -1 when epoch or version is another one: then nothing has been written. So a write that its
-- sender has given up changes nothing any more once another one has been done.
-- What somebody else has put where epoch, version and changes belong counts as nothing, and is replaced.
local function own(key, kind)
  local found = redis.call('TYPE', key).ok
  if found ~= kind and found ~= 'none' then
    redis.call('DEL', key)
  end
end
own('/meta/epoch', 'string')
own('/meta/version', 'string')
own('/meta/changes', 'list')
own('/meta/apps', 'hash')

local epoch = redis.call('GET', '/meta/epoch') or ''
local text = redis.call('GET', '/meta/version') or '0'
-- Fifteen digits: what a number of Lua tells apart.
local before = #text <= 15 and string.match(text, '^%d+$') and tonumber(text) or nil
if epoch ~= ARGV[1] or (before or 0) ~= tonumber(ARGV[2]) then
  return -1
end
if epoch ~= ARGV[3] then
  redis.call('SET', '/meta/epoch', ARGV[3])
end
if not before then
  redis.call('SET', '/meta/version', '0')
end
local version = redis.call('INCR', '/meta/version')
local change = cjson.decode(ARGV[4])

local function changed(key)
  local text = string.format('%d', version) .. ' ' .. key
  redis.call('LPUSH', '/meta/changes', text)
  redis.call('PUBLISH', '/meta/notify', text)
end

for key, endpoints in pairs(change.lists or {}) do
  redis.call('DEL', key)
  for _, endpoint in ipairs(endpoints) do
    redis.call('RPUSH', key, endpoint)
  end
  changed(key)
end
for key, text in pairs(change.texts or {}) do
  redis.call('SET', key, text)
  changed(key)
end
for _, key in ipairs(change.deleted or {}) do
  redis.call('DEL', key)
  changed(key)
end
local hosts = false
for host, settings in pairs(change.hosts or {}) do
  redis.call('HSET', '/meta/apps', host, settings)
  hosts = true
end
for _, host in ipairs(change.deletedHosts or {}) do
  redis.call('HDEL', '/meta/apps', host)
  hosts = true
end
if hosts then
  changed('/meta/apps')
end
redis.call('PUBLISH', '/meta/notify', string.format('%d', version) .. ' /meta/version')
redis.call('LTRIM', '/meta/changes', 0, 9999)
return version
