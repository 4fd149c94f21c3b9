using System.Diagnostics;
using KerasCompat.Convert.Cases;
using KerasCompat.Convert.Export;
using KerasCompat.Convert.Output;
using KerasCompat.Runtime;
using KerasCompat.Runtime.OpenCl;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Commands;

/// <summary>A run of a suite's cases: a line for each that fails, a closing line with the counts, and the files asked for.</summary>
/// <param name="directory">Names the suite.</param>
/// <param name="report">The file of JSON lines, one a case, or null.</param>
/// <param name="junit">The file of JUnit XML, or null.</param>
/// <param name="exceptions">Failures that count as passed, or null.</param>
/// <param name="json">Whether JSON is printed, and no lines.</param>
internal sealed class CaseRun(string directory, string? report, string? junit, OnnxExceptions? exceptions, bool json)
{
    private readonly string _suite = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
    private readonly List<JObject> _outcomes = [];
    private int _passed, _failed, _excepted;

    /// <summary>Runs the cases.</summary>
    /// <exception cref="OperationCanceledException">The work is no longer wanted; then no file is written.</exception>
    public ExitCode Of(CaseSuite suite, Func<CaseSuite, IEnumerable<CaseOutcome>> run, Device device, Work work)
    {
        var tests = new JUnitReport(_suite);
        using (var progress = work.Begin($"verify {_suite}", suite.Cases.Count))
        {
            var watch = Stopwatch.StartNew();
            foreach (CaseOutcome outcome in run(suite))
            {
                work.Token.ThrowIfCancellationRequested();
                if (Take(outcome, tests, watch.Elapsed) is { } failure)
                {
                    progress.Clear();
                    Say(failure);
                }

                progress.Advance(1);
                watch.Restart();
            }
        }

        if (report is not null)
        {
            StagedFiles.Write(report, stream =>
            {
                using var lines = new StreamWriter(stream);
                _outcomes.ForEach(o => lines.WriteLine(o.ToString(Formatting.None)));
            });
        }

        if (junit is not null)
        {
            StagedFiles.Write(junit, tests.Write);
        }

        Close(device as OpenClDevice);
        return _failed == 0 ? ExitCode.Ok : ExitCode.Mismatch;
    }

    /// <summary>Counts and notes an outcome. Returns the line to print of a failure.</summary>
    private string? Take(CaseOutcome outcome, JUnitReport tests, TimeSpan time)
    {
        string? reason = outcome.Passes ? null : exceptions?.Reason(_suite, outcome.Case, outcome.Text);
        (_passed, _failed, _excepted) = outcome.Passes ? (_passed + 1, _failed, _excepted) : reason is null ? (_passed, _failed + 1, _excepted) : (_passed, _failed, _excepted + 1);
        var line = new JObject { ["name"] = outcome.Case, ["passes"] = outcome.Passes, ["text"] = outcome.Text, ["exception"] = outcome.Exception };
        if (reason is not null)
        {
            line["excepted"] = reason;
        }

        _outcomes.Add(line);
        if (outcome.Passes || reason is not null)
        {
            tests.Passed(outcome.Case, time);
            return null;
        }

        tests.Failed(outcome.Case, time, outcome.Text);
        return $"{outcome.Case}: {outcome.Text}";
    }

    private void Close(OpenClDevice? device)
    {
        if (json)
        {
            Console.WriteLine(new JObject
            {
                ["passed"] = _passed,
                ["failed"] = _failed,
                ["excepted"] = _excepted,
                ["cases"] = new JArray(_outcomes),
            });
            return;
        }

        Say(Terminal.Verdict(_failed == 0, $"{_passed} passed, {_failed} failed{(exceptions is null ? string.Empty : $", {_excepted} excepted")}"));
        if (device is null)
        {
            return;
        }

        OpenClCounters counters = device.Context.Counters;
        Say(
            $"{device.Name}: {counters.DeviceShare:P2} of {counters.DeviceOps + counters.HostOps:N0} operators ran on the device; "
            + $"{counters.Uploads:N0} copies up ({counters.UploadedBytes:N0} bytes), {counters.Downloads:N0} down ({counters.DownloadedBytes:N0} bytes)");
        if (counters.HostOps > 0)
        {
            Say($"on the CPU: {string.Join(", ", counters.HostOpsByName.OrderByDescending(o => o.Value).Select(o => $"{o.Value} {o.Key}"))}");
        }
    }

    private void Say(string line)
    {
        if (!json)
        {
            Console.WriteLine(line);
        }
    }
}
