# An app that brings its own programs: anything that runs on Debian.
FROM {{.Registry}}/dinp/binary:1
WORKDIR {{.AppDir}}
ADD {{.Tarball}} {{.AppDir}}/
EXPOSE 8080
CMD ["./control", "start", "8080"]
