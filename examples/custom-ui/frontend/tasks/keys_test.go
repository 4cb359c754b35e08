package tasks

import "testing"

func TestKeys(t *testing.T) {
	k := make(keys)
	milk := k.of("Buy milk")
	if n := len(milk); n < 1 || n > 64 {
		t.Errorf("the key %q has %d characters; the backend takes 1 to 64", milk, n)
	}
	if k.of("Buy bread") == milk {
		t.Error("two names have one key")
	}
	if k.of("Buy milk") != milk {
		t.Error("a second try has another key")
	}
	k.done("Buy milk")
	if k.of("Buy milk") == milk {
		t.Error("the next task of the same name has the old key")
	}
}
