XMR.page("search", { init() {} });
