package tasks

import "testing"

// A change that was made from an older version of the task is refused with the task as it is, and changes nothing.
func TestChangesOfAnOlderVersionAreRefused(t *testing.T) {
	c := newClient(t)
	var made, now task
	c.want(c.add("k", "One"), 201, &made)
	if made.Version != 1 {
		t.Errorf("a new task has version %d", made.Version)
	}
	file := []string{"X-File-Name", "a.txt"}
	for i, change := range []struct {
		method, path, body string
		header             []string
	}{
		{"PATCH", "", `{"name":"Uno"}`, nil},
		{"PATCH", "", `{"done":true}`, nil},
		{"PUT", "/file", "data", file},
		{"PUT", "/file", "other", file},
		{"DELETE", "/file", "", nil},
	} {
		older, current := `"`+string(rune('0'+i))+`"`, `"`+string(rune('1'+i))+`"`
		path := "/tasks/" + made.ID + change.path
		var refused conflict
		c.want(c.do(change.method, path, change.body, append(change.header, "If-Match", older)...), 412, &refused)
		if refused.Error == "" || refused.Task.ID != made.ID || refused.Task.Version != int64(i+1) {
			t.Errorf("%s %s of version %s: %+v; want the task in version %s", change.method, path, older, refused, current)
		}
		c.want(c.do(change.method, path, change.body, append(change.header, "If-Match", current)...), 200, &now)
		if now.Version != int64(i+2) {
			t.Errorf("after %s %s the version is %d; want %d", change.method, path, now.Version, i+2)
		}
	}
	c.want(c.do("PATCH", "/tasks/"+made.ID, `{"name":"Uno","done":true}`), 200, &now)
	if now.Version != 6 || now.Name != "Uno" || !now.Done {
		t.Errorf("a request that changes nothing returns %+v; want the same version", now)
	}
	c.want(c.do("PATCH", "/tasks/"+made.ID, `{"name":"Eins"}`, "If-Match", "*"), 200, &now)
	for _, bad := range [][]string{{"3"}, {`W/"3"`}, {`"3", "4"`}, {`"x"`}, {`"3"`, `"4"`}, {`"03"`}} {
		var header []string
		for _, value := range bad {
			header = append(header, "If-Match", value)
		}
		c.want(c.do("PATCH", "/tasks/"+made.ID, `{"name":"x"}`, header...), 400, nil)
	}
	c.want(c.do("PATCH", "/tasks/none", `{"name":"x"}`, "If-Match", `"1"`), 404, nil)
}

// The version of a task that is removed for good is removed too.
func TestVersionsOfRemovedTasksAreRemoved(t *testing.T) {
	s := newTestStore(t)
	made := mustAdd(t, s, "i", "k", "One")
	name := "Uno"
	if _, err := s.edit(t.Context(), "i", made.ID, nil, &name, nil); err != nil {
		t.Fatal(err)
	}
	count := func() (n int) {
		t.Helper()
		if err := s.db.QueryRow(`SELECT COUNT(*) FROM task_versions`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if err := s.remove(t.Context(), "i", made.ID); err != nil || count() != 1 {
		t.Fatalf("after the deletion: %d versions, %v; want 1, for the case that it is undone", count(), err)
	}
	if _, err := s.db.Exec(`DELETE FROM tasks`); err != nil || count() != 0 {
		t.Errorf("%d versions are left, %v", count(), err)
	}
}
