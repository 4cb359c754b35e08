package kvs

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// do carries out a request, and returns the answer as JSON, or the error.
func do(t *testing.T, s *Store, path, body string) string {
	t.Helper()
	return doIn(t, s, File{}, path, body)
}

func doIn(t *testing.T, s *Store, file File, path, body string) string {
	t.Helper()
	answer, err := s.Call(1, file, "/api/v1/"+path, []byte(body))
	if err != nil {
		return err.Error()
	}
	if answer == nil {
		return ""
	}
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// In a bubble the clock stands still, and begins at the start of 2000 in UTC.
const start = "946684800000"

func TestValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Store
		for _, step := range []struct{ path, body, want string }{
			{"get", `{"key":"a"}`, "KEY_NOT_FOUND: There is no value with this key"},
			{"set", `{"key":"a","value":{"n":1}}`, ""},
			{"get", `{"key":"a"}`, `{"key":"a","value":{"n":1},"createdAt":` + start + `,"updatedAt":` + start + `}`},
			{"set", `{"key":"a","value":2,"options":{"returnValue":"PREVIOUS"}}`, `{"key":"a","value":{"n":1},"createdAt":` + start + `,"updatedAt":` + start + `}`},
			{"set", `{"key":"a","value":[3],"options":{"returnValue":"LATEST"}}`, `{"key":"a","value":[3],"createdAt":` + start + `,"updatedAt":` + start + `}`},
			{"set", `{"key":"b","value":1,"options":{"returnValue":"PREVIOUS"}}`, ""},
			{"set", `{"key":"a","value":4,"options":{"keyPolicy":"FAIL_IF_EXISTS"}}`, "KEY_ALREADY_EXISTS: There is a value with this key already"},
			{"set", `{"key":"a","value":4,"options":{"keyPolicy":"OVERRIDE"}}`, ""},
			{"secret/get", `{"key":"a"}`, "KEY_NOT_FOUND: There is no value with this key"},
			{"secret/set", `{"key":"a","value":"secret"}`, ""},
			{"secret/get", `{"key":"a"}`, `{"key":"a","value":"secret","createdAt":` + start + `,"updatedAt":` + start + `}`},
			{"delete", `{"key":"a"}`, ""},
			{"delete", `{"key":"a"}`, ""},
			{"get", `{"key":"a"}`, "KEY_NOT_FOUND: There is no value with this key"},
			{"secret/delete", `{"key":"a"}`, ""},
			{"secret/get", `{"key":"a"}`, "KEY_NOT_FOUND: There is no value with this key"},
			{"set", `{"key":"t","value":1,"options":{"ttl":{"value":2,"unit":"MINUTES"}}}`, ""},
			{"get", `{"key":"t"}`, `{"key":"t","value":1,"createdAt":` + start + `,"updatedAt":` + start + `,"expireTime":"2000-01-01T00:02:00.000Z"}`},
		} {
			if got := do(t, &s, step.path, step.body); got != step.want {
				t.Errorf("%s %s: got %s, want %s", step.path, step.body, got, step.want)
			}
		}
		time.Sleep(2*time.Minute - time.Millisecond)
		if got := do(t, &s, "get", `{"key":"t"}`); !strings.Contains(got, `"value":1`) {
			t.Errorf("before its end: got %s", got)
		}
		time.Sleep(time.Millisecond)
		if got := do(t, &s, "get", `{"key":"t"}`); !strings.HasPrefix(got, "KEY_NOT_FOUND") {
			t.Errorf("after its end: got %s", got)
		}
		do(t, &s, "set", `{"key":"b","value":2}`)
		if got := do(t, &s, "get", `{"key":"b"}`); !strings.Contains(got, `"createdAt":`+start+`,"updatedAt":946684920000`) {
			t.Errorf("a value that was set again: got %s", got)
		}
	})
}

func TestRefusals(t *testing.T) {
	var s Store
	long := strings.Repeat("k", 501)
	for _, c := range []struct{ path, body, want string }{
		{"get", `{"key":""}`, "KEY_TOO_SHORT"},
		{"get", `{"key":"` + long + `"}`, "KEY_TOO_LONG"},
		{"get", `{"key":"` + long[1:] + `"}`, "KEY_NOT_FOUND"},
		{"get", `{"key":"a/b"}`, "INVALID_KEY"},
		{"get", `{"key":"   "}`, "INVALID_KEY"},
		{"get", `{"key":"a:b.c_d-e #f"}`, "KEY_NOT_FOUND"},
		{"get", `[`, "INVALID_REQUEST"},
		{"set", `{"key":"a"}`, "INVALID_VALUE"},
		{"set", `{"key":"a","value":null}`, "INVALID_VALUE"},
		{"set", `{"key":"a","value":"` + strings.Repeat("x", 240<<10) + `"}`, "MAX_SIZE"},
		{"set", `{"key":"a","value":1,"options":{"ttl":{"value":1,"unit":"YEARS"}}}`, "INVALID_TTL"},
		{"set", `{"key":"a","value":1,"options":{"ttl":{"value":367,"unit":"DAYS"}}}`, "INVALID_TTL"},
		{"set", `{"key":"a","value":1,"options":{"ttl":{"value":0,"unit":"DAYS"}}}`, "INVALID_TTL"},
		{"set", strings.Repeat(" ", 4<<20) + `{}`, "MAX_SIZE"},
		{"other", `{}`, "NOT_FOUND"},
		{"batch/other", `[{"key":"a"}]`, "NOT_FOUND"},
	} {
		if got := do(t, &s, c.path, c.body); !strings.HasPrefix(got, c.want+":") {
			t.Errorf("%s %.60s: got %.200s, want %s", c.path, c.body, got, c.want)
		}
	}
	for _, c := range [][2]string{
		{"entity/get", `{"entityName":"e","key":"a"}`}, {"transaction", `{"check":[{"key":"a"}]}`},
		{"transaction", `{"set":[{"key":"a","value":1,"entityName":"e"}]}`}, {"batch/set", `[{"key":"a","value":1,"entityName":"e"}]`},
	} {
		if _, err := s.Call(1, File{}, "/api/v1/"+c[0], []byte(c[1])); !errors.Is(err, ErrEntities) {
			t.Errorf("%s: got %v", c[0], err)
		}
	}
	if got := do(t, &s, "query", `{}`); got != `{"data":[]}` {
		t.Errorf("the store has %s", got)
	}
}

func TestQuery(t *testing.T) {
	var s Store
	for i := range 25 {
		do(t, &s, "set", fmt.Sprintf(`{"key":"task:%02d","value":%d}`, i, i))
	}
	do(t, &s, "set", `{"key":"other","value":1}`)
	do(t, &s, "secret/set", `{"key":"task:secret","value":1}`)
	where := `"where":[{"property":"key","condition":"BEGINS_WITH","values":["task:"]}]`
	var keys []string
	pages := 0
	for cursor := ""; ; pages++ {
		var page struct {
			Data []struct {
				Key   string
				Value int
			}
			Cursor string
		}
		text := do(t, &s, "query", fmt.Sprintf(`{"limit":12,"after":%q,%s}`, cursor, where))
		if err := json.Unmarshal([]byte(text), &page); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for _, p := range page.Data {
			keys = append(keys, p.Key)
		}
		if cursor = page.Cursor; cursor == "" {
			break
		}
	}
	if len(keys) != 25 || keys[0] != "task:00" || keys[24] != "task:24" || pages != 2 {
		t.Errorf("got %d pages with %v", pages+1, keys)
	}
	if got := do(t, &s, "query", `{}`); strings.Count(got, `"key"`) != 10 || !strings.HasPrefix(got, `{"data":[{"key":"other"`) || !strings.Contains(got, `"cursor":"task:08"`) {
		t.Errorf("without options: got %s", got)
	}
	for _, body := range []string{
		`{"limit":0}`, `{"limit":101}`, `{"where":[{"property":"value","condition":"BEGINS_WITH","values":["a"]}]}`,
		`{"where":[{"property":"key","condition":"EQUAL_TO","values":["a"]}]}`, `{"where":[{"property":"key","condition":"BEGINS_WITH","values":[]}]}`,
	} {
		if got := do(t, &s, "query", body); !strings.Contains(got, "LIMIT_OUT_OF_RANGE") && !strings.Contains(got, "INVALID_QUERY") {
			t.Errorf("%s: got %s", body, got)
		}
	}
}

// A transaction is carried out whole or not at all.
func TestTransactions(t *testing.T) {
	var s Store
	do(t, &s, "set", `{"key":"a","value":1}`)
	all := func() string {
		text := do(t, &s, "query", `{"limit":100}`)
		var page struct {
			Data []struct{ Key, Value any }
		}
		if err := json.Unmarshal([]byte(text), &page); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(page.Data)
	}
	many := strings.TrimSuffix(strings.Repeat(`{"key":"x%d","value":1},`, 26), ",")
	for i := range 26 {
		many = strings.Replace(many, "%d", fmt.Sprint(i), 1)
	}
	for _, body := range []string{
		`{"set":[{"key":"b","value":2},{"key":"c/d","value":3}]}`,
		`{"set":[{"key":"b","value":2}],"delete":[{"key":""}]}`,
		`{"set":[{"key":"b","value":2},{"key":"c","value":null}]}`,
		`{"set":[{"key":"a","value":2}],"delete":[{"key":"a"}]}`,
		`{"set":[` + many + `]}`,
		`{}`,
	} {
		if got := do(t, &s, "transaction", body); got == "" || all() != "[{a 1}]" {
			t.Errorf("%.80s: got %q, and the values are %s", body, got, all())
		}
	}
	if got := do(t, &s, "transaction", `{"set":[{"key":"b","value":2},{"key":"c","value":3}],"delete":[{"key":"a"},{"key":"none"}]}`); got != "" || all() != "[{b 2} {c 3}]" {
		t.Errorf("got %q, and the values are %s", got, all())
	}
}

// TestManyOperations checks that the rest of a list that is too long is not decoded.
func TestManyOperations(t *testing.T) {
	many := "[" + strings.Repeat("{},", 1<<20) + "{}]"
	for path, body := range map[string]string{
		"batch/set":   many,
		"transaction": `{"set":` + many + `}`,
		"query":       `{"where":` + many + `}`,
	} {
		var s Store
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := do(t, &s, path, body)
		runtime.ReadMemStats(&after)
		if !strings.Contains(got, "INVALID_") {
			t.Errorf("%s: got %.80s", path, got)
		}
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 64<<20 {
			t.Errorf("%s: %d bytes were allocated for %d", path, taken, len(body))
		}
	}
}

// TestDeepValues checks that a value which the file cannot hold is refused, and that the file can be read with the deepest one.
func TestDeepValues(t *testing.T) {
	file := File{Dir: t.TempDir(), Name: "storage.json"}
	nested := func(levels int) []byte {
		return []byte(`{"key":"a","value":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + `}`)
	}
	for levels, want := range map[int]bool{9996: true, 9997: false} {
		_, err := new(Store).Call(1, file, "/api/v1/set", nested(levels))
		if (err == nil) != want || err != nil && !strings.Contains(err.Error(), "nested too deeply") {
			t.Errorf("%d levels: %v", levels, err)
		}
	}
	if _, err := new(Store).Call(1, file, "/api/v1/get", []byte(`{"key":"a"}`)); err != nil {
		t.Error(err)
	}
}

func TestBatches(t *testing.T) {
	var s Store
	for _, step := range []struct{ path, body, want string }{
		{"batch/set", `[{"key":"a","value":1},{"key":"b/","value":2},{"key":"c","value":3}]`, `{"failedKeys":[{"key":"b/","error":{"code":"INVALID_KEY"`},
		{"batch/get", `[{"key":"a"},{"key":"no"}]`, `{"failedKeys":[{"key":"no","error":{"code":"KEY_NOT_FOUND"`},
		{"batch/delete", `[{"key":"a"},{"key":"no"}]`, `{"failedKeys":[],"successfulKeys":[{"key":"a"},{"key":"no"}]}`},
		{"batch/get", `[]`, "INVALID_BATCH"},
		{"batch/get", `[{"key":"a"},{"key":"a"}]`, "DUPLICATE_KEY"},
		{"query", `{}`, `{"data":[{"key":"c","value":3`},
	} {
		if got := do(t, &s, step.path, step.body); !strings.HasPrefix(got, step.want) {
			t.Errorf("%s %s: got %s, want %s", step.path, step.body, got, step.want)
		}
	}
}

// A site has room for 128 MB.
func TestQuota(t *testing.T) {
	var s Store
	value := strings.Repeat("x", 240<<10-2)
	set := func(key string) string { return do(t, &s, "set", `{"key":"`+key+`","value":"`+value+`"}`) }
	n := 0
	for ; n < 1000 && set(fmt.Sprint(n)) == ""; n++ {
	}
	if got := set("more"); n != 546 || !strings.HasPrefix(got, "QUOTA_EXCEEDED") {
		t.Errorf("after %d values: got %s", n, got)
	}
	if got := do(t, &s, "transaction", `{"set":[{"key":"small","value":1},{"key":"more","value":"`+value+`"}]}`); !strings.HasPrefix(got, "QUOTA_EXCEEDED") {
		t.Errorf("a transaction: got %s", got)
	}
	if got := do(t, &s, "get", `{"key":"small"}`); !strings.HasPrefix(got, "KEY_NOT_FOUND") {
		t.Errorf("a part of the transaction was carried out: %s", got)
	}
	if got := set("1"); got != "" {
		t.Errorf("a value in place of another: got %s", got)
	}
	do(t, &s, "delete", `{"key":"1"}`)
	if got := set("more"); got != "" {
		t.Errorf("after a deletion: got %s", got)
	}
}

// FuzzCall looks for requests that make the store panic, or return something that is not JSON.
func FuzzCall(f *testing.F) {
	for _, seed := range [][2]string{
		{"/api/v1/set", `{"key":"a","value":{"n":1},"options":{"ttl":{"value":1e300,"unit":"DAYS"},"returnValue":"LATEST"}}`},
		{"/api/v1/query", `{"limit":3,"after":"a","where":[{"property":"key","condition":"BEGINS_WITH","values":["a"]}]}`},
		{"/api/v1/transaction", `{"set":[{"key":"a","value":1}],"delete":[{"key":"b"}]}`},
		{"/api/v1/batch/get", `[{"key":"a"},{"key":"b"}]`}, {"/api/v1/secret/get", `null`}, {"/api/v1/", `[]`}, {"", ``},
	} {
		f.Add(seed[0], []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, path string, body []byte) {
		var s Store
		for range 2 {
			answer, err := s.Call(1, File{}, path, body)
			if err != nil {
				answer = err.Error()
			}
			if _, err := json.Marshal(answer); err != nil {
				t.Errorf("%s %q: %v", path, body, err)
			}
		}
		if s.sites[1] == nil {
			return // The request was too large.
		}
		size := 0
		for _, t := range s.sites[1].tables() {
			for key, e := range t.entries {
				size += len(key) + len(e.Value)
			}
		}
		if size != s.sites[1].size {
			t.Errorf("%s %q: the size is %d, want %d", path, body, s.sites[1].size, size)
		}
	})
}

func TestManyCalls(t *testing.T) {
	var s Store
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			for _, path := range []string{"set", "get", "query"} {
				_, err := s.Call(i%3, File{}, "/api/v1/"+path, fmt.Appendf(nil, `{"key":"k%d","value":%[1]d}`, i))
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}
