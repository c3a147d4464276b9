XMR.page("library", { init() {} });
