package io.dinp.builder.web;

import io.dinp.builder.core.Build;
import io.dinp.builder.core.BuildRequest;
import io.dinp.builder.core.BuildRequest.Invalid;
import io.dinp.builder.core.BuildRequest.Valid;
import io.dinp.common.model.ImageRef;
import io.dinp.common.sso.SsoUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import javax.servlet.http.Part;

/** The builder's pages: form, progress and history. Each user sees and deletes own builds only; administrators all. */
public final class BuildController extends PageController {
    private static final String[] FIELDS = {"app", "version", "resume", "base", "tarball"};
    private static final int MOST_PER_PAGE = 200;
    private static final int PER_PAGE = 20;

    BuildController(WebParts parts) {
        super(parts);
    }

    /** The form. */
    @Endpoint
    public void index() {
        form(Map.of());
        page("index.html");
    }

    /** Takes a build: 302 to its progress, or the form again with what is wrong. */
    @Endpoint(methods = "POST")
    public void build() throws IOException, SQLException {
        Map<String, String> fields = new HashMap<>();
        for (String name : FIELDS) {
            fields.put(name, field(name));
        }
        Optional<Part> file = filePart();
        BuildRequest.Outcome outcome = BuildRequest.parse(
                fields,
                file.map(Part::getSubmittedFileName),
                parts().templates().bases());
        if (outcome instanceof Valid valid) {
            accept(valid.request(), file, fields);
        } else if (outcome instanceof Invalid invalid) {
            refuseForm(new Refusal(400, invalid.messages()), fields);
        }
    }

    /** A build's state and log, which a script keeps up to date. */
    @Endpoint(withPart = true)
    public void progress() throws SQLException, IOException {
        Build build = ownBuild(getPara());
        setAttr("build", BuildView.of(build));
        setAttr("finished", build.isFinished());
        setAttr("log", parts().logs().read(build.id()));
        page("progress.html");
    }

    /** A build and its log as the contract has it. */
    @Endpoint(withPart = true)
    public void log() throws SQLException, IOException {
        Build build = ownBuild(getPara());
        String log = BuildView.escaped(parts().logs().read(build.id())).replace("\n", "<br>");
        json(Map.of("msg", "", "data", Map.of("build", BuildView.of(build).json(), "log", log)));
    }

    /** The list of builds; POST with an {@code id} removes one from it. */
    @Endpoint(methods = {"GET", "POST"})
    public void history() throws SQLException, IOException {
        if (getRequest().getMethod().equals("POST")) {
            deleteBuild();
        } else {
            listBuilds();
        }
    }

    private void listBuilds() throws SQLException {
        OptionalInt owner = user().isAdmin() ? OptionalInt.empty() : OptionalInt.of(user().id());
        int limit = number("limit", PER_PAGE, MOST_PER_PAGE);
        int pages = Math.max(1, (parts().store().count(owner) + limit - 1) / limit);
        int current = Math.min(number("page", 1, Integer.MAX_VALUE), pages);
        List<BuildView> builds = parts().store().page(owner, limit, (current - 1) * limit).stream()
                .map(BuildView::of)
                .toList();
        setAttr("builds", builds);
        setAttr("empty", builds.isEmpty());
        setAttr("all", owner.isEmpty());
        setAttr("limit", limit);
        setAttr("current", current);
        setAttr("pages", pages);
        page("history.html");
    }

    private void deleteBuild() throws SQLException, IOException {
        if (field("id").isEmpty()) {
            throw new Refusal(400, "id: is missing, send the id of the build to delete");
        }
        Build build = ownBuild(field("id"));
        if (!build.isFinished()) {
            throw new Refusal(409, "id: build " + build.id() + " still runs, wait for its end");
        }
        parts().store().delete(build.id());
        parts().logs().delete(build.id());
        if (wantsPage()) {
            redirect("/history");
        } else {
            json(Map.of("msg", ""));
        }
    }

    private void accept(BuildRequest request, Optional<Part> file, Map<String, String> fields)
            throws IOException, SQLException {
        Optional<Path> upload = Optional.empty();
        try {
            ImageRef image = parts().naming().imageOf(user().name(), request.app(), request.version());
            upload = file.isPresent() ? Optional.of(keep(file.get())) : Optional.empty();
            OptionalLong id = parts().queue().submit(request, image, upload, user());
            if (id.isPresent()) {
                upload = Optional.empty();
                redirect("/progress/" + id.getAsLong());
            } else {
                refuseForm(new Refusal(503, "too many builds wait already, try again in a moment"), fields);
            }
        } catch (IllegalArgumentException e) {
            refuseForm(new Refusal(400, e.getMessage()), fields);
        } finally {
            if (upload.isPresent()) {
                Files.deleteIfExists(upload.get());
            }
        }
    }

    private Path keep(Part file) throws IOException {
        Path target = parts().config().tmpdir().resolve("upload-" + UUID.randomUUID());
        file.write(target.toString());
        return target;
    }

    private Optional<Part> filePart() {
        return isMultipart()
                ? part("file")
                        .filter(part -> part.getSubmittedFileName() != null
                                && !part.getSubmittedFileName().isEmpty())
                : Optional.empty();
    }

    /** The build of that id when this user may see it; others' and missing ones are not told apart. */
    private Build ownBuild(String id) throws SQLException {
        if (!id.matches("[1-9][0-9]{0,17}")) {
            throw Refusal.notFound();
        }
        SsoUser user = user();
        return parts().store()
                .find(Long.parseLong(id))
                .filter(build -> user.isAdmin() || build.userId() == user.id())
                .orElseThrow(Refusal::notFound);
    }

    private void refuseForm(Refusal refusal, Map<String, String> fields) {
        form(fields);
        refuse(refusal, "index.html");
    }

    private void form(Map<String, String> fields) {
        setAttr("bases", parts().templates().bases().keySet());
        for (String name : FIELDS) {
            setAttr(name, fields.getOrDefault(name, ""));
        }
    }

    private int number(String name, int fallback, int most) {
        String text = field(name);
        return text.matches("[1-9][0-9]{0,8}") ? Math.min(Integer.parseInt(text), most) : fallback;
    }
}
