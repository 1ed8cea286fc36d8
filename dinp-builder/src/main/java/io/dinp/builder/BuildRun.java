package io.dinp.builder;

import io.dinp.builder.archive.ArchiveRepacker;
import io.dinp.builder.core.ArchiveCheck.Limits;
import io.dinp.builder.core.BuildFailed;
import io.dinp.builder.core.BuildRequest;
import io.dinp.builder.core.BuildStatus;
import io.dinp.builder.core.Dockerfiles;
import io.dinp.builder.docker.ImageBuilder;
import io.dinp.builder.files.BuildLogs;
import io.dinp.builder.files.Templates;
import io.dinp.builder.files.Workspaces;
import io.dinp.builder.http.TarballDownload;
import io.dinp.common.model.ImageRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What happens in a build, from the archive to the pushed image, in the order in which it is read. */
public final class BuildRun {
    private static final String ARCHIVE = "archive";

    /**
     * A build to be run.
     *
     * @param upload the uploaded archive, which this run owns and removes; empty when it is fetched
     */
    public record Order(long id, BuildRequest request, ImageRef image, Optional<Path> upload) {}

    private final BuilderConfig config;
    private final Templates templates;
    private final ImageBuilder images;
    private final TarballDownload download;
    private final ArchiveRepacker repacker = new ArchiveRepacker(Limits.DEFAULT);

    public BuildRun(BuilderConfig config, Templates templates, ImageBuilder images) {
        this.config = config;
        this.templates = templates;
        this.images = images;
        this.download = new TarballDownload(Limits.DEFAULT.bytes(), config.allowPrivateTarballs());
    }

    /**
     * Runs a build to its end.
     *
     * @param status is told each status on the way but not the last one
     * @throws BuildFailed when any step fails, with the cause
     * @throws InterruptedException when the build was ended from outside
     */
    public void run(Order order, BuildLogs.Log log, Consumer<String> status) throws BuildFailed, InterruptedException {
        Path work = Workspaces.of(config.tmpdir(), order.id());
        try {
            Files.createDirectories(work);
            Path archive = fetch(order, work, log);
            Path checked = work.resolve(
                    ArchiveRepacker.contextName(order.request().source().kind()));
            repacker.repack(archive, order.request().source().kind(), checked);
            Files.delete(archive);
            log.line("the archive is fine");

            make(order, checked, log, status);
        } catch (IOException | UncheckedIOException e) {
            throw new BuildFailed("the builder cannot use its directories: " + e.getMessage(), e);
        } finally {
            clean(work, order, log);
        }
    }

    private void make(Order order, Path archive, BuildLogs.Log log, Consumer<String> status)
            throws BuildFailed, InterruptedException {
        ImageBuilder.Hold unpushed = images.hold(order.image());
        try (unpushed) {
            status.accept(BuildStatus.BUILDING);
            log.line("building " + order.image());
            images.build(dockerfile(order, archive), archive, order.image(), labels(order), log::write);

            status.accept(BuildStatus.PUSHING);
            log.line("pushing " + order.image());
            images.push(order.image(), log::write);
        }
        images.forgetOld(config.keptImages());
    }

    private Path fetch(Order order, Path work, BuildLogs.Log log)
            throws IOException, BuildFailed, InterruptedException {
        Path archive = work.resolve(ARCHIVE);
        if (order.upload().isPresent()) {
            Files.move(order.upload().get(), archive);
            log.line("got " + order.request().source().name() + ", " + Files.size(archive) + " bytes");
        } else {
            log.line("fetching " + order.request().source().name());
            log.line("got " + download.fetch(order.request().source().name(), archive) + " bytes");
        }
        return archive;
    }

    private String dockerfile(Order order, Path archive) {
        String template = templates.textOf(order.request().base());
        return Dockerfiles.render(
                template, config.registry().address(), archive.getFileName().toString());
    }

    private static Map<String, String> labels(Order order) {
        return Map.of(ImageBuilder.LABEL, Long.toString(order.id()));
    }

    private static void clean(Path work, Order order, BuildLogs.Log log) {
        try {
            if (order.upload().isPresent()) {
                Files.deleteIfExists(order.upload().get());
            }
            Workspaces.remove(work);
        } catch (IOException e) {
            log.line("files of this build stay in " + work + ": " + e.getMessage());
        }
    }
}
