package installation

import "testing"

func TestIDsAreStable(t *testing.T) {
	const app = "ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555"
	a, b, other := NewIDs(app), NewIDs(app), NewIDs(app+"x")
	if a != b {
		t.Error("an app has other ids at each start")
	}
	if a.InstallationID == other.InstallationID || a.CloudID == other.CloudID || a.AccountID == other.AccountID {
		t.Error("two apps share ids")
	}
	if a.InstallationID == "ari:cloud:ecosystem::installation/"+a.CloudID {
		t.Error("two kinds of ids are equal")
	}
}
