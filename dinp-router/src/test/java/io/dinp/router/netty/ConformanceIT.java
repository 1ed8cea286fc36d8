package io.dinp.router.netty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.platform.suite.api.AfterSuite;
import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.ExcludeTags;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;
import org.junit.platform.suite.api.SuiteDisplayName;

/**
 * What the router promises (docs/router-conformance.md), held against the started daemon: the tests of the data plane once more, each over real
 * sockets to a process that was unpacked from its archive and has its table from a real Redis.
 */
@Suite
@SuiteDisplayName("the started daemon")
@SelectClasses({
    BalancingTest.class,
    DeadPeerIT.class,
    DrainTest.class,
    ForwardingTest.class,
    LimitsTest.class,
    RefusalTest.class,
    RetryTest.class,
    StreamingTest.class,
    StrictRequestTest.class,
    TableSwitchTest.class,
    TimeoutTest.class,
    UpgradeTest.class
})
@ExcludeTags(TestRouter.INSIDE)
final class ConformanceIT {
    private ConformanceIT() {}

    @BeforeSuite
    static void begin() throws IOException {
        Path target = Files.createDirectories(Path.of("target", "started").toAbsolutePath());
        StartedRouter.under(Files.createTempDirectory(target, "run-"));
        TestRouter.useStartedDaemon(true);
    }

    @AfterSuite
    static void end() {
        TestRouter.useStartedDaemon(false);
        StartedRouter.endAll();
    }
}
