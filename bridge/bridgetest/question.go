package bridgetest

// OnQuestion answers the questions that the product asks its user: whether to open another site, whether to leave a blocked
// page, and as an administrator, whether to approve addresses. f reports whether the user agrees. Without it, a command that
// has a question is refused.
//
//	host.OnQuestion(func(question, detail string) bool { return true })
func (h *Host) OnQuestion(f func(question, detail string) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.onQuestion = f
}

// ask asks the user.
func (h *Host) ask(question, detail string) (bool, error) {
	h.mu.Lock()
	f := h.onQuestion
	h.mu.Unlock()
	if f == nil {
		return false, unprepared(notPrepared, `no user who answers "`+question+`"`, "Host.OnQuestion")
	}
	return f(question, detail), nil
}

// confirm asks the user, and returns an error with this code and text if the user does not agree.
func (h *Host) confirm(question, detail, code, declined string) error {
	yes, err := h.ask(question, detail)
	if err == nil && !yes {
		err = refuse(code, "%s", declined)
	}
	return err
}
