package io.dinp.builder.http;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Saves a response body to a file as it comes and breaks off at a limit; its value is the number of bytes. */
final class BoundedFile implements HttpResponse.BodySubscriber<Long> {
    private final HttpResponse.BodySubscriber<Path> file;
    private final long limit;
    private Flow.Subscription subscription;
    private long received;

    /** The body is longer than allowed. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge(long limit) {
            super("more than " + limit + " bytes");
        }
    }

    BoundedFile(Path target, long limit) {
        this.file = HttpResponse.BodySubscribers.ofFile(target);
        this.limit = limit;
    }

    @Override
    public CompletionStage<Long> getBody() {
        return file.getBody().thenApply(saved -> received);
    }

    @Override
    public void onSubscribe(Flow.Subscription flow) {
        subscription = flow;
        file.onSubscribe(flow);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        long more = buffers.stream().mapToLong(ByteBuffer::remaining).sum();
        if (received + more > limit) {
            subscription.cancel();
            file.onError(new TooLarge(limit));
            return;
        }
        received += more;
        file.onNext(buffers);
    }

    @Override
    public void onError(Throwable cause) {
        file.onError(cause);
    }

    @Override
    public void onComplete() {
        file.onComplete();
    }
}
