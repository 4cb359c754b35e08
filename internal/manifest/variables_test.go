package manifest

import "testing"

// Forge reads a manifest with a variable that has no value, as long as no text uses it.
func TestUnusedVariableNeedsNoValue(t *testing.T) {
	doc, err := ParseDocument("manifest.yml", []byte("environment:\n  variables: [FORGEGO_TEST_UNSET]\na: $FORGEGO_TEST_UNSET\n"))
	if err != nil || len(doc.Faults) > 0 {
		t.Errorf("got %v and the faults %v", err, doc.Faults)
	}
}
