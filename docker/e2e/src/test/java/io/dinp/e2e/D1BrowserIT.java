package io.dinp.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import io.dinp.e2e.bed.TestBed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The way of a person with a browser: sign in, upload, create, deploy, look at the instances, delete. */
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D1BrowserIT {
    private static final String APP = "clicked";
    private static final double SLOW_MILLIS = 60_000;
    private static final List<String> ARGUMENTS = List.of(
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run");

    private final TestBed bed;
    private final Platform dinp;

    D1BrowserIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @Test
    void aPersonWalksFromSignInToDelete() throws IOException {
        try (Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright.chromium().launch(chromium())) {
            Page page = browser.newPage();
            List<String> elsewhere = watchRequests(page);
            signIn(page);
            String image = upload(page);
            create(page);
            deploy(page, image);
            watchInstances(page);
            assertEquals(200, dinp.get(APP, "/").status());
            delete(page);
            assertEquals(List.of(), elsewhere, "nothing is loaded from elsewhere");
            Figures.print("D1", "headless Chromium walked sign-in, upload, create, deploy, instances, delete");
        } finally {
            dinp.deleteAll();
        }
    }

    private static BrowserType.LaunchOptions chromium() {
        return new BrowserType.LaunchOptions()
                .setExecutablePath(Path.of(System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium")))
                .setChromiumSandbox(false)
                .setArgs(ARGUMENTS);
    }

    private List<String> watchRequests(Page page) {
        List<String> elsewhere = new ArrayList<>();
        String own = "http://" + bed.router().getHostString();
        page.onRequest(request -> {
            if (!request.url().startsWith(own) && !request.url().startsWith("data:")) {
                elsewhere.add(request.url());
            }
        });
        return elsewhere;
    }

    private void signIn(Page page) {
        page.navigate(bed.dash() + "/");
        page.getByLabel("Name").fill(TestBed.ROOT);
        page.getByLabel("Password").fill(TestBed.ROOT_PASSWORD);
        button(page, "Sign in").click();
        assertThat(heading(page, "Apps")).isVisible();
    }

    private String upload(Page page) {
        page.navigate(bed.builder() + "/");
        page.locator("input[name=app]").fill(APP);
        page.locator("input[name=version]").fill("1.0");
        page.locator("select[name=base]").selectOption("gunicorn");
        page.locator("input[name=file]")
                .setInputFiles(new FilePayload(APP + ".tar.gz", "application/gzip", Samples.python("1.0")));
        button(page, "Build").click();
        assertThat(page.locator("#status"))
                .hasText("successfully", new LocatorAssertions.HasTextOptions().setTimeout(SLOW_MILLIS));
        return page.locator("#image").innerText();
    }

    private void create(Page page) {
        page.navigate(bed.dash() + "/app/create");
        page.locator("input[name=name]").fill(APP);
        page.locator("input[name=memory]").fill("128");
        button(page, "Create").click();
        assertThat(page).hasURL(Pattern.compile("/app/instance/\\d+"));
    }

    private void deploy(Page page, String image) {
        link(page.locator("nav.tabs"), "Deploy").click();
        page.locator("input[name=image]").fill(image);
        page.locator("input[name=instance]").fill("2");
        page.locator("input[name=memory]").fill("128");
        page.locator("input[name=resume]").fill("clicked together");
        button(page, "Deploy").click();
        assertThat(page).hasURL(Pattern.compile("/app/instance/\\d+"));
    }

    /** The page refreshes itself: nobody presses F5 here. */
    private static void watchInstances(Page page) {
        assertThat(page.getByText("2 of 2"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(SLOW_MILLIS));
        assertThat(page.locator("tbody tr")).hasCount(2);
    }

    private void delete(Page page) {
        link(page.locator("nav.tabs"), "Delete").click();
        button(page, "Delete " + APP).click();
        assertThat(page).hasURL(Pattern.compile("/app$"));
        assertThat(page.getByText(APP)).hasCount(0);
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator heading(Page page, String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator link(Locator within, String name) {
        return within.getByRole(
                AriaRole.LINK, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }
}
