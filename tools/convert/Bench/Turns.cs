using System.Diagnostics;

namespace KerasCompat.Convert.Bench;

/// <summary>Times calls in turns, so that whatever else the machine does falls on all alike.</summary>
internal static class Turns
{
    private const double TurnSeconds = 0.03;

    /// <summary>Calls shorter than this are timed several at a time, so that the clock does not weigh.</summary>
    private const double ShortestSample = 50e-6;

    /// <summary>What a call of each takes: microseconds, in increasing order.</summary>
    /// <param name="calls">One call of each.</param>
    /// <param name="rounds">How many turns each has; who begins changes from round to round.</param>
    /// <param name="settle">Whether to wait before each turn until no thread works: ONNX Runtime's threads go on spinning after a call.</param>
    /// <param name="after">Told after each round; null for nobody.</param>
    public static IReadOnlyList<double[]> Samples(IReadOnlyList<Action> calls, int rounds, bool settle, Action? after = null)
    {
        List<double>[] samples = [.. calls.Select(_ => new List<double>())];
        foreach (Action call in calls)
        {
            Turn(call, [], settle);
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < calls.Count; i++)
            {
                int turn = round % 2 == 0 ? i : calls.Count - 1 - i;
                Turn(calls[turn], samples[turn], settle);
            }

            after?.Invoke();
        }

        return [.. samples.Select(s => s.Order().ToArray())];
    }

    /// <summary>The sample that half of the samples do not exceed.</summary>
    public static double Median(double[] samples) => Within(samples, 0.5);

    /// <summary>The sample that a part of the samples does not exceed.</summary>
    public static double Within(double[] samples, double part) => samples[Math.Min((int)(samples.Length * part), samples.Length - 1)];

    private static void Turn(Action call, List<double> samples, bool settle)
    {
        if (settle)
        {
            Settle();
        }

        // The first call of a turn finds the caches full of the other's data.
        long begin = Stopwatch.GetTimestamp();
        call();
        int group = (int)Math.Clamp(ShortestSample / Math.Max(Stopwatch.GetElapsedTime(begin).TotalSeconds, 1e-8), 1, 1000);
        var turn = Stopwatch.StartNew();
        do
        {
            begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < group; i++)
            {
                call();
            }

            samples.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds / group);
        }
        while (turn.Elapsed.TotalSeconds < TurnSeconds);
    }

    /// <summary>Waits until the process uses next to no processor time.</summary>
    private static void Settle()
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(5);
        for (int i = 0; i < 200; i++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            Thread.Sleep(pause);
            if (Environment.CpuUsage.TotalTime - before < pause / 10)
            {
                return;
            }
        }
    }
}
