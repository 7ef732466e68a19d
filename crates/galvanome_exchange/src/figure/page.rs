pub fn html() {}
