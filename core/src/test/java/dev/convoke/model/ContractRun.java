package dev.convoke.model;

import dev.convoke.Publication;
import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DrainReport;
import dev.convoke.event.Outcome;
import dev.convoke.event.UnobservedFailure;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.model.Scenario.Ask;
import dev.convoke.model.Scenario.Ending;
import dev.convoke.model.Scenario.Options;
import dev.convoke.model.Scenario.Request;
import dev.convoke.testkit.InterleavingExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One scenario: takes each step with a coordinator and with the model, and compares.
 *
 * <p>Confined to one thread.
 */
final class ContractRun {
    private final InterleavingExecutor executor;
    private final SplittableRandom random;
    private final Scenario scenario;
    private final Subject subject;
    private final ContractModel model;
    private final Picked picked;
    private final Coverage coverage;
    private final List<Asked> asked = new ArrayList<>();

    /** A future that somebody waits for. */
    private record Asked(Parts.Publication of, Ask how, CompletableFuture<?> future) {}

    ContractRun(InterleavingExecutor executor, Coverage coverage) {
        this.executor = executor;
        this.random = executor.random();
        this.coverage = coverage;
        this.scenario = new Scenario(executor.seed());
        Scenario.Bounds bounds = scenario.bounds(random);
        this.model = new ContractModel(scenario, bounds, coverage);
        this.picked = new Picked(model);
        this.subject = new Subject(executor, scenario, bounds);
    }

    // ---- the scenario ----

    void run() {
        try {
            for (int i = random.nextInt(2, 6); i > 0; i--) {
                subscribe();
            }
            for (int steps = random.nextInt(10, 41); steps > 0; steps--) {
                step();
            }
            finish();
        } catch (Throwable e) {
            throw new AssertionError(e.getMessage() + System.lineSeparator() + subject.told(), e);
        }
    }

    private void step() {
        switch (random.nextInt(24)) {
            case 0, 20 -> subscribe();
            case 1, 2, 3, 4, 21, 22 -> publish();
            case 5 -> close();
            case 6, 23 -> pauseOrResume();
            case 7 -> cancel();
            case 8, 9, 10 -> complete();
            case 11, 12 -> advance(random.nextInt(1, 3) * Scenario.BACKOFF);
            case 13 -> advanceToTheMoment();
            case 14, 15, 16 -> runOne();
            case 17 -> runAll();
            case 18 -> deadLetter();
            default -> ask();
        }
    }

    private void subscribe() {
        if (Scenario.maySubscribe(subject.subscriptions.size())) {
            Options options = scenario.options(random);
            begin("subscribe " + subject.subscriptions.size() + " ", options);
            subject.subscribe(options);
            model().subscribe(options);
            compare();
        }
    }

    private void publish() {
        if (Scenario.mayPublish(subject.publications.size())) {
            Request request = scenario.request(random);
            begin("publish " + subject.publications.size() + " ", request);
            subject.publish(request);
            model().publish(request, null);
            compare();
        }
    }

    private void close() {
        int listener = random.nextInt(subject.subscriptions.size());
        begin("close " + listener);
        subject.close(listener);
        model().close(model.listeners.get(listener));
        compare();
    }

    private void pauseOrResume() {
        int any = random.nextInt(subject.subscriptions.size());
        int listener = model.listeners.stream()
                .filter(l -> l.paused && !l.closed)
                .findFirst()
                .map(l -> l.number)
                .orElse(any);
        boolean resume = model.listeners.get(listener).paused;
        begin((resume ? "resume " : "pause ") + listener);
        if (resume) {
            subject.subscriptions.get(listener).resume();
            model().listeners.get(listener).paused = false;
        } else {
            subject.pause(listener);
            model().pause(model.listeners.get(listener));
        }
        compare();
    }

    private void cancel() {
        if (!subject.publications.isEmpty()) {
            int number = random.nextInt(subject.publications.size());
            begin("cancel " + number);
            boolean cancelled = subject.publications.get(number).cancel();
            expect("cancelled", model().cancel(number), cancelled);
            compare();
        }
    }

    private void complete() {
        if (!subject.stages.isEmpty()) {
            int call = Scenario.any(random, subject.stages.keySet().toArray(new Integer[0]));
            completeStage(call, Scenario.any(random, Ending.values()));
        }
    }

    private void completeStage(int call, Ending ending) {
        Ending how =
                ending == Ending.PENDING || ending == Ending.NULL || ending == Ending.THROWN ? Ending.VALUE : ending;
        begin("complete call " + call + " " + how);
        CompletableFuture<Object> stage = subject.stages.remove(call);
        switch (how) {
            case FAILED -> stage.completeExceptionally(new Subject.Planned("boom " + call));
            case FAILED_FINALLY -> stage.completeExceptionally(new Subject.Planned("final " + call));
            case CANCELLED -> stage.cancel(false);
            default -> stage.complete("v" + call);
        }
        model().complete(call, how);
        compare();
    }

    private void advance(long nanos) {
        begin("advance " + nanos);
        subject.ticker.advance(Duration.ofNanos(nanos));
        model();
        compare();
    }

    /** One nanosecond before something is due nothing happens, and then it does. */
    private void advanceToTheMoment() {
        long next = model.deliveries.stream()
                .flatMap(d -> Stream.of(d.due, d.start + d.listener.options.timeout(), d.publication.deadline))
                .filter(due -> due > subject.ticker.nanoTime() && due != Parts.NEVER)
                .min(Comparator.naturalOrder())
                .orElse(0L);
        if (next > subject.ticker.nanoTime() + 1) {
            advance(next - 1 - subject.ticker.nanoTime());
            runAll();
            advance(1);
            runAll();
        }
    }

    private void runOne() {
        if (executor.waiting() > 0) {
            begin("run a task");
            executor.runOne();
            model();
            picked.task();
            compareTask();
        }
    }

    private void runAll() {
        while (executor.waiting() > 0) {
            runOne();
        }
    }

    private void deadLetter() {
        if (model.letters.isEmpty()) {
            return;
        }
        int index = random.nextInt(model.letters.size());
        Parts.Letter letter = model.letters.get(index);
        String id = subject.coordinator.deadLetters().list().get(index).id();
        if (Scenario.oneIn(random, 4)) {
            begin("discard dead letter " + index);
            expect("discarded", true, subject.coordinator.deadLetters().discard(id));
            model().letters.remove(index);
        } else {
            begin("retry dead letter " + index);
            retry(letter, id);
        }
        compare();
    }

    private void retry(Parts.Letter letter, String id) {
        boolean isPossible = model.canRetry(letter);
        try {
            CompletableFuture<DeliveryResult> result =
                    subject.coordinator.deadLetters().retry(id);
            expect("whether it may be retried", isPossible, true);
            coverage.count("dead letter retried");
            asked.add(new Asked(model().retry(letter), Ask.OUTCOME, result.thenApply(List::of)));
        } catch (IllegalStateException refused) {
            expect("whether it may be retried", isPossible, false);
            coverage.count("dead letter stays");
            model();
        }
    }

    private void ask() {
        if (!subject.publications.isEmpty()) {
            int number = random.nextInt(subject.publications.size());
            Parts.Publication p = byNumber(number);
            begin("ask " + number);
            ask(p, subject.publications.get(number), Scenario.any(random, Ask.values()));
            model();
            compare();
        }
    }

    private Parts.Publication byNumber(int number) {
        return model.publications.stream()
                .filter(p -> p.number == number)
                .findFirst()
                .orElseThrow();
    }

    private void ask(Parts.Publication p, Publication<Integer> real, Ask how) {
        switch (how) {
            case OUTCOME -> asked.add(new Asked(p, how, real.outcome().thenApply(this::resultsOf)));
            case GATHER -> asked.add(new Asked(p, how, real.gather()));
            case FIRST -> asked.add(new Asked(p, how, real.first()));
            case NOTHING -> {}
        }
        p.asked |= how != Ask.NOTHING;
    }

    private List<DeliveryResult> resultsOf(Outcome outcome) {
        return outcome.results();
    }

    private void finish() {
        if (Scenario.oneIn(random, 2)) {
            for (int i = 0; i < 50 && !subject.stages.isEmpty(); i++) {
                completeStage(subject.stages.keySet().iterator().next(), Ending.VALUE);
                runAll();
                advance(Scenario.LONGEST_BACKOFF);
                runAll();
            }
        }
        begin("close the coordinator");
        DrainReport report = subject.coordinator.close(Duration.ZERO);
        expect("report", new DrainReport(0, model().closeAll(), List.of()), report);
        compareShown();
        runAll();
        publish();
        advance(10 * Scenario.GRACE);
        runAll();
        for (int number = 0; number < subject.publications.size(); number++) {
            ask(byNumber(number), subject.publications.get(number), Ask.OUTCOME);
        }
        compareFutures();
        expect(
                "never reported",
                List.of(),
                model.unobserved.stream()
                        .filter(u -> !u.delivery().publication.asked)
                        .toList());
    }

    // ---- comparing ----

    private void begin(String step) {
        begin(step, "");
    }

    private void begin(String step, Object detail) {
        subject.begin(step, detail);
    }

    /** The model, which is to take the step that the coordinator has taken. */
    private ContractModel model() {
        model.begin(subject.ticker.nanoTime(), subject.shown);
        return model;
    }

    private void compare() {
        compareTask();
        compareTables();
    }

    private void compareTask() {
        compareShown();
        askNow();
        compareReports();
        if (executor.waiting() == 0) {
            expect("overdue", List.of(), picked.overdue());
        }
        compareFutures();
    }

    private void compareShown() {
        if (!subject.shown.equals(model.told)) {
            expect("listeners called", starts(model.told), starts(subject.shown));
            expect("what happened", sorted(model.told), sorted(subject.shown));
        }
    }

    private static List<String> sorted(List<Seen> seen) {
        return seen.stream().map(Seen::toString).sorted().toList();
    }

    private static void expect(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(what + System.lineSeparator() + "  expected: " + expected + System.lineSeparator()
                    + "  but was:  " + actual);
        }
    }

    private static List<Seen> starts(List<Seen> seen) {
        return seen.stream().filter(s -> s.kind() == Seen.Kind.START).toList();
    }

    private void askNow() {
        for (Subject.ToAsk next : subject.toAsk) {
            ask(byNumber(next.number()), subject.publications.get(next.number()), next.how());
        }
        subject.toAsk.clear();
    }

    private void compareTables() {
        for (int event = 0; event < Scenario.EVENTS; event++) {
            List<ListenerInfo> listed =
                    subject.coordinator.listeners(subject.types.get(event).name());
            expect("listeners", texts(model.listed(event), ContractRun::text), texts(listed, ContractRun::text));
        }
        List<DeadLetter> letters = subject.coordinator.deadLetters().list();
        if (model.closed) { // retried ones that the closing cancels come back, in no particular order
            expect("number of dead letters", model.letters.size(), letters.size());
        } else {
            expect("dead letters", texts(model.letters, ContractRun::text), texts(letters, this::text));
        }
        expect(
                "dead letters dropped",
                model.lettersDropped,
                subject.coordinator.deadLetters().dropped());
    }

    private static <T> List<String> texts(List<T> all, Function<T, String> text) {
        return all.stream().map(text).toList();
    }

    private static String text(Parts.Listener listener) {
        return listener.number + (listener.paused ? " paused" : "");
    }

    private static String text(ListenerInfo info) {
        return info.id() + (info.paused() ? " paused" : "");
    }

    private String text(DeadLetter letter) {
        long time = Duration.between(subject.ticker.instant(), letter.time()).toNanos() + subject.ticker.nanoTime();
        return letter.event().payload() + " at " + letter.listener() + ", attempts " + letter.attempts() + ", "
                + Subject.causeOf(letter.cause()) + ", time " + time;
    }

    private static String text(Parts.Letter letter) {
        return letter.number() + " at " + letter.delivery().listener.number + ", attempts " + letter.attempts() + ", "
                + letter.cause() + ", time " + letter.time();
    }

    /** Each report is of a failure that nobody asked for in time, and comes once. */
    private void compareReports() {
        for (UnobservedFailure failure : subject.reported) {
            if (!failure.listener().isEmpty()) {
                Parts.Unobserved found = model.unobserved.stream()
                        .filter(u -> isOf(failure, u.delivery()))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("nobody expects the report of " + failure));
                expect("whether it is time to report " + failure, true, found.due() <= model.now || model.closed);
                expect("whether somebody asked for " + failure, false, found.delivery().publication.asked);
                model.unobserved.remove(found);
                coverage.count("reported as unobserved");
            }
        }
        subject.reported.clear();
    }

    private static boolean isOf(UnobservedFailure failure, Parts.Delivery d) {
        return failure.event().payload().equals(d.publication.number)
                && failure.listener().equals("" + d.listener.number)
                && d.result != null
                && d.result.cause().equals(Subject.causeOf(failure.cause()));
    }

    private void compareFutures() {
        for (Asked question : asked) {
            Parts.Publication p = question.of();
            boolean isAnsweredEarly = (question.how() == Ask.GATHER && p.failure != null)
                    || (question.how() == Ask.FIRST && p.success != null);
            boolean isAtOnce = p.isDone() && !model.closed;
            if (isAtOnce || ((p.isDone() || isAnsweredEarly) && executor.waiting() == 0)) {
                expect("whether there is an answer", true, question.future().isDone());
                if (!p.isDone()) {
                    coverage.count(question.how() + " answered early");
                }
            }
            if (question.future().isDone()) {
                expect(question.how() + " of publication " + p.number, expected(question), answer(question.future()));
                expect("whether it is time to answer", true, p.isDone() || isAnsweredEarly);
            }
        }
        asked.removeIf(question -> question.future().isDone());
    }

    private static String answer(CompletableFuture<?> future) {
        try {
            Object value = future.join();
            return value instanceof List<?> list
                    ? list.stream()
                            .map(v -> v instanceof DeliveryResult r ? Subject.text(r) : "" + v)
                            .toList()
                            .toString()
                    : "" + value;
        } catch (CompletionException e) {
            return Subject.causeOf(e.getCause());
        } catch (java.util.concurrent.CancellationException e) {
            return Subject.causeOf(e);
        }
    }

    private static String expected(Asked question) {
        Parts.Publication p = question.of();
        return switch (question.how()) {
            case OUTCOME ->
                p.deliveries.stream().map(d -> "" + d.result).toList().toString();
            case GATHER ->
                p.refusal != null
                        ? "PublicationRefusedException"
                        : p.failure != null
                                ? p.failure.cause()
                                : p.deliveries.stream()
                                        .map(d -> valueOf(d.result))
                                        .toList()
                                        .toString();
            case FIRST ->
                p.refusal != null
                        ? "PublicationRefusedException"
                        : p.success != null ? valueOf(p.success) : "PublicationFailedException";
            case NOTHING -> "";
        };
    }

    private static String valueOf(Parts.Result result) {
        return result.is("Succeeded") ? result.what().substring("Succeeded ".length()) : "null";
    }
}
