# A Python tree behind gunicorn. The base has a virtual environment, /opt/venv, that the app's requirements go into.
FROM {{.Registry}}/dinp/gunicorn:1
WORKDIR {{.AppDir}}
ADD {{.Tarball}} {{.AppDir}}/
RUN if [ -f pip_requirements.txt ]; then /opt/venv/bin/pip install --no-cache-dir -r pip_requirements.txt; fi
EXPOSE 8080
CMD ["./control", "start", "8080"]
