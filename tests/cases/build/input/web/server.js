require("http").createServer((_, res) => res.end("notes\n")).listen(3000);
