package jira

// ScreenTab is a tab of a [Form].
type ScreenTab struct {
	form  *Form
	state tabState
}

// tabState is a tab as the host sends it, and as its change is sent.
type tabState struct {
	ID      string `json:"id"`
	Visible bool   `json:"isVisible"`
	Active  bool   `json:"isActive"`
}

// ID returns the tab's id.
func (t *ScreenTab) ID() string { return t.state.ID }

// IsVisible reports whether the tab is shown.
func (t *ScreenTab) IsVisible() bool { return t.state.Visible }

// SetVisible shows or hides the tab. Jira refuses to hide the tab that has the focus.
func (t *ScreenTab) SetVisible(visible bool) {
	t.form.setTab(t.state, func(change *tabState) { change.Visible = visible })
}

// Focus brings the tab to the front.
func (t *ScreenTab) Focus() {
	for _, other := range t.form.tabs {
		if other.state.ID != t.state.ID {
			t.form.setTab(other.state, func(change *tabState) { change.Active = false })
		}
	}
	t.form.setTab(t.state, func(change *tabState) { change.Active = true })
}

// setTab notes a change of a tab, whose state before the changes is given.
func (f *Form) setTab(state tabState, set func(change *tabState)) {
	for i := range f.tabChanges {
		if f.tabChanges[i].ID == state.ID {
			set(&f.tabChanges[i])
			return
		}
	}
	set(&state)
	f.tabChanges = append(f.tabChanges, state)
}
