package dev.convoke.journal.operations;

import dev.convoke.journal.operations.History.End;
import dev.convoke.journal.operations.History.Publication;
import dev.convoke.journal.operations.History.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Order by key (D5): an event that was begun after another one of its key had been accepted starts after that has ended, and no two run at a
 * time. A run that goes on in a process that was hit, as its delivery is elsewhere by then, is not counted.
 */
record OrderCheck(History history, FaultWindows windows, Findings findings) {
    /** What one event did at the listener. */
    private record Course(Publication publication, List<Run> runs, long place, long lastUnhitEnd) {
        long firstStart() {
            return runs.get(0).start();
        }

        /** When the listener had first done it. */
        long firstEnd() {
            return runs.stream()
                    .filter(run -> run.how() == End.WELL)
                    .mapToLong(Run::end)
                    .min()
                    .orElse(Long.MIN_VALUE); // dead, or lost, which others tell of
        }
    }

    void check(Expectation expectation, Map<String, Long> places) {
        Map<String, List<Run>> byEvent = history.of(expectation.listener()).stream()
                .filter(run -> history.publications().containsKey(run.event()))
                .collect(Collectors.groupingBy(Run::event));
        Map<String, List<Course>> byKey = byEvent.entrySet().stream()
                .map(entry -> course(history.publications().get(entry.getKey()), entry.getValue(), places))
                .collect(Collectors.groupingBy(course -> course.publication().key()));
        String at = " (" + expectation.listener() + ")";
        for (List<Course> courses : byKey.values()) {
            compare(
                    "D5: starts before an earlier one of its key was done" + at,
                    courses,
                    Course::firstEnd,
                    Course::firstStart);
            compare(
                    "D5: starts while an earlier one of its key runs" + at,
                    courses,
                    Course::lastUnhitEnd,
                    Course::firstStart);
            if (expectation.isTransactional()) {
                compare("D5: effects are not in order" + at, courses, Course::place, Course::place);
            }
            checkOverlaps("D5: two of a key at a time" + at, courses);
        }
    }

    private Course course(Publication publication, List<Run> runs, Map<String, Long> places) {
        long lastUnhitEnd = runs.stream()
                .filter(run -> windows.thatHit(run).isEmpty())
                .mapToLong(Run::end)
                .max()
                .orElse(Long.MIN_VALUE);
        return new Course(publication, runs, places.getOrDefault(publication.event(), Long.MIN_VALUE), lastUnhitEnd);
    }

    /** Of two of which one was accepted before the other was begun, what the one has to be over with precedes what the other begins with. */
    private void compare(
            String promise, List<Course> courses, ToLongFunction<Course> over, ToLongFunction<Course> begins) {
        List<Course> byAcceptance =
                sorted(courses, course -> course.publication().accepted());
        int next = 0;
        Course latest = null; // of those that precede
        for (Course course : sorted(courses, one -> one.publication().begun())) {
            while (next < byAcceptance.size()
                    && byAcceptance.get(next).publication().accepted()
                            < course.publication().begun()) {
                Course preceding = byAcceptance.get(next++);
                latest = latest == null || over.applyAsLong(preceding) > over.applyAsLong(latest) ? preceding : latest;
            }
            boolean isThere = begins.applyAsLong(course) != Long.MIN_VALUE;
            if (latest != null && isThere && over.applyAsLong(latest) > begins.applyAsLong(course)) {
                findings.add(promise, describe(latest) + "; then " + describe(course));
            }
        }
    }

    private static List<Course> sorted(List<Course> courses, ToLongFunction<Course> by) {
        return courses.stream().sorted(Comparator.comparingLong(by)).toList();
    }

    private void checkOverlaps(String promise, List<Course> courses) {
        List<Run> runs = new ArrayList<>();
        courses.forEach(course -> course.runs().stream()
                .filter(run -> windows.thatHit(run).isEmpty())
                .forEach(runs::add));
        runs.sort(Comparator.comparingLong(Run::start));
        long origin = history.origin();
        for (int i = 1; i < runs.size(); i++) {
            Run before = runs.get(i - 1);
            if (before.end() > runs.get(i).start()) {
                findings.add(
                        promise,
                        before.describe(origin) + " beside " + runs.get(i).describe(origin));
            }
        }
    }

    private String describe(Course course) {
        long origin = history.origin();
        Publication publication = course.publication();
        String accepted =
                publication.isAccepted() ? "%.3f".formatted((publication.accepted() - origin) / 1e9) : "never";
        return "%s key %s begun %.3f accepted %s: %s"
                .formatted(
                        publication.event(),
                        publication.key(),
                        (publication.begun() - origin) / 1e9,
                        accepted,
                        course.runs().stream().map(run -> run.describe(origin)).toList());
    }
}
