package tasks

import (
	"strings"
	"testing"
)

func TestDownloadName(t *testing.T) {
	cases := []struct{ name, disposition, want string }{
		{"as the backend sends it", "attachment; filename*=UTF-8''%C3%9Cn%C3%AF%20%E8%B2%B7%20%25.bin", "Ünï 買 %.bin"},
		{"a plain name", `attachment; filename="a b.txt"`, "a b.txt"},
		{"both", `attachment; filename="a.txt"; filename*=UTF-8''%C3%BC.txt`, "ü.txt"},
		{"none", "", "old.txt"},
		{"no name in it", "attachment", "old.txt"},
		{"an empty name", `attachment; filename=""`, "old.txt"},
		{"nonsense", "attachment; filename*=;;;=", "old.txt"},
		{"another encoding", "attachment; filename*=ISO-8859-1''%FC.txt", "old.txt"},
		{"a folder", `attachment; filename="../../etc/passwd"`, "passwd"},
		{"a folder of Windows", "attachment; filename*=UTF-8''C%3A%5Ca%5Cb.txt", "b.txt"},
		{"a hidden file", `attachment; filename=".bashrc"`, "bashrc"},
		{"only a folder", "attachment; filename*=UTF-8''a%2F", "file"},
		{"turned direction", "attachment; filename*=UTF-8''cod%E2%80%AEtxt.exe", "cod_txt.exe"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := downloadName(c.disposition, "old.txt"); got != c.want {
				t.Errorf("gave %q", got)
			}
		})
	}
}

// FuzzDownloadName checks that the name of a download is a plain file name, whatever the backend sends.
func FuzzDownloadName(f *testing.F) {
	f.Add("attachment; filename*=UTF-8''%C3%BC.txt", "a.txt")
	f.Add(`attachment; filename="../x"`, "../y")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, disposition, fallback string) {
		name := downloadName(disposition, fallback)
		if name == "" || name[0] == '.' || strings.ContainsAny(name, `/\`) || strings.ContainsFunc(name, isHidden) {
			t.Errorf("gave %q", name)
		}
	})
}
