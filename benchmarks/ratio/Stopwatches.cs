using System.Diagnostics;

namespace KerasCompat.Ratio;

/// <summary>Times two calls in turns, so that whatever else the machine does falls on both alike.</summary>
internal static class Stopwatches
{
    private const double TurnSeconds = 0.03;

    /// <summary>Calls shorter than this are timed several at a time, so that the clock does not weigh.</summary>
    private const double ShortestSample = 50e-6;

    /// <summary>The median microseconds of a call of each.</summary>
    /// <param name="ours">One call.</param>
    /// <param name="theirs">One call of the other.</param>
    /// <param name="rounds">How many turns each has; who begins changes from round to round.</param>
    /// <param name="settle">Whether to wait before each turn until no thread works: ONNX Runtime's threads go on spinning after a call.</param>
    public static (double Ours, double Theirs) Medians(Action ours, Action theirs, int rounds, bool settle)
    {
        List<double> a = [], b = [];
        Turn(ours, [], settle);
        Turn(theirs, [], settle);
        for (int round = 0; round < rounds; round++)
        {
            if (round % 2 == 0)
            {
                Turn(ours, a, settle);
            }

            Turn(theirs, b, settle);
            if (round % 2 != 0)
            {
                Turn(ours, a, settle);
            }
        }

        return (Median(a), Median(b));
    }

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

    private static double Median(List<double> samples)
    {
        samples.Sort();
        return samples[samples.Count / 2];
    }
}
