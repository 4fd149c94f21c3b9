using System.Diagnostics;

namespace KerasCompat.Benchmarks;

/// <summary>Times of a repeated call.</summary>
/// <param name="Median">Microseconds, median.</param>
/// <param name="Fastest">Microseconds, fastest.</param>
/// <param name="Bytes">Bytes allocated by one call on the calling thread.</param>
internal sealed record Measurement(double Median, double Fastest, long Bytes)
{
    private const double Seconds = 1;

    /// <summary>Calls for about a second after the code is warm. Short calls are timed in groups, so that the clock does not weigh.</summary>
    public static Measurement Of(Action call)
    {
        for (var warm = Stopwatch.StartNew(); warm.Elapsed.TotalSeconds < Seconds / 2;)
        {
            call();
        }

        long start = Stopwatch.GetTimestamp();
        call();
        int group = (int)Math.Clamp(20e-6 / Math.Max(Stopwatch.GetElapsedTime(start).TotalSeconds, 1e-8), 1, 1000);
        var times = new List<double>();
        for (var all = Stopwatch.StartNew(); all.Elapsed.TotalSeconds < Seconds || times.Count < 5;)
        {
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < group; i++)
            {
                call();
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / group);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        call();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        times.Sort();
        return new Measurement(times[times.Count / 2], times[0], bytes);
    }
}
