-- What wrk sends, by BENCH_KIND, and how it tells its numbers: one line of JSON that xtask reads.
local kind = os.getenv("BENCH_KIND")
local path = os.getenv("BENCH_PATH")
local tickets = tonumber(os.getenv("BENCH_TICKETS") or "1")
math.randomseed(os.time())

local headers = { ["Desk-Role"] = os.getenv("BENCH_ROLE"), ["Desk-Client"] = "5f0c3c1e-8d0f-4a86-9b1c-2f7c7f0f6f10" }

local words = {
  "the", "lamp", "in", "room", "flickers", "since", "monday", "and", "nobody", "came", "printer", "jams", "again",
  "on", "second", "floor", "my", "card", "does", "not", "open", "door", "of", "library", "coffee", "is", "cold",
}

local function sentence()
  local said = {}
  for i = 1, 20 do said[i] = words[math.random(#words)] end
  return table.concat(said, " ")
end

-- What people look for: common words and rare ones, places, slips, halves of words, words side by side, words left out.
local searches = {
  "projector", "projector library", "heating cold", "no heating", "prnter", "wifi password", "library 204", "door", "lamp flickers",
  "brown stain ceiling", "proj", "washroom tap", "toilet -tap", '"on fire"', "since last week", "eduroam", "printer paper jam",
  "monitors robotics lab", "coffee machine", "network exam friday", "turing building 2.31", "blinds stuck", "smells", "canteen",
}

local function encode(text)
  return (string.gsub(text, "[^%w]", function(c) return string.format("%%%02X", string.byte(c)) end))
end

local function uuid()
  return (string.gsub("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx", "x", function()
    return string.format("%x", math.random(0, 15))
  end))
end

-- Several paths in one, apart by spaces; of an upload the second is the file.
local paths = {}
for part in string.gmatch(path, "%S+") do paths[#paths + 1] = part end
local photo
if kind == "upload" then
  local file = assert(io.open(paths[2], "rb"))
  photo = file:read("*a")
  file:close()
end

-- What follows the end of a JPEG is never shown, and makes it another file.
local function upload()
  headers["Content-Type"] = "multipart/form-data; boundary=bench"
  -- One browser may have 64 photos that wait for their reports.
  headers["Desk-Client"] = uuid()
  return wrk.format("POST", paths[1], headers, table.concat({
    '--bench\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n',
    photo, uuid(), "\r\n--bench--\r\n",
  }))
end

local fixed
function init()
  if kind == "path" then fixed = wrk.format("GET", path, headers) end
end

function request()
  if kind == "path" then return fixed end
  if kind == "one_of" then return wrk.format("GET", paths[math.random(#paths)], headers) end
  if kind == "upload" then return upload() end
  if kind == "ticket" then return wrk.format("GET", path .. "/" .. math.random(tickets), headers) end
  if kind == "search" then return wrk.format("GET", path .. encode(searches[math.random(#searches)]), headers) end
  headers["Content-Type"] = "application/json"
  headers["Idempotency-Key"] = uuid()
  if kind == "classify" then
    local text = ""
    while #text < 1000 do text = text .. sentence() .. ". " end
    return wrk.format("POST", path, headers, '{"text":"' .. string.sub(text, 1, 1000) .. '"}')
  end
  if kind == "similar" then
    return wrk.format("POST", path, headers, '{"text":"' .. sentence() .. '","location":"Library 204"}')
  end
  return wrk.format("POST", path, headers, '{"description":"' .. sentence() .. '","location":"Bench hall"}')
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'BENCH {"requests":%d,"micros":%d,"p50":%.1f,"p95":%.1f,"p99":%.1f,"failures":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
