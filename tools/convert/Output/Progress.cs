using System.Diagnostics;
using System.Globalization;

namespace KerasCompat.Convert.Output;

/// <summary>How far a stage of long work has come, on one line of the error stream that is wiped at the end, so that piped output stays clean.</summary>
/// <remarks>A step that takes long itself has the line drawn all the same: it shows the time that has gone by.</remarks>
internal sealed class Progress : IDisposable, IProgress<double>
{
    /// <summary>The total of a stage that tells shares, not steps.</summary>
    public const long Whole = -1;

    private const int Width = 30, Parts = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromMilliseconds(500);

    private readonly string _what;
    private readonly long? _total;
    private readonly TextWriter? _terminal;
    private readonly TimeSpan _pause;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private readonly Timer? _pulse;
    private TimeSpan _next;
    private bool _over;
    private int _drawn;

    /// <param name="what">The work.</param>
    /// <param name="total">So many steps it has, where that is known; <see cref="Whole"/> where shares are told.</param>
    /// <param name="terminal">Where the line is drawn; null for nowhere.</param>
    /// <param name="patience">For so long nothing is drawn, half a second unless told; zero has every step drawn as it is told.</param>
    public Progress(string what, long? total, TextWriter? terminal, TimeSpan? patience = null)
    {
        (_what, _total, _terminal) = (what, total, terminal);
        _next = patience ?? Patience;
        _pause = _next == TimeSpan.Zero ? TimeSpan.Zero : Pause;
        if (_next == TimeSpan.Zero)
        {
            DrawIfDue();
        }
        else if (terminal is not null)
        {
            _pulse = new Timer(_ => DrawIfDue(), null, _next, Pause);
        }
    }

    /// <summary>So many steps are done.</summary>
    public long Done { get; private set; }

    /// <summary>Says that steps were done; the line is drawn anew ten times a second at most.</summary>
    public void Advance(long steps)
    {
        Done += steps;
        DrawIfDue();
    }

    /// <summary>Says which share of the work is done, from 0 to 1.</summary>
    public void Report(double value) => Advance((long)(value * Parts) - Done);

    /// <summary>Wipes the line, for text to be printed in its place; the next step draws it again.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_drawn > 0)
            {
                Draw(string.Empty);
                _terminal!.Write('\r');
                _drawn = 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pulse?.Dispose();
        lock (_lock)
        {
            _over = true;
            Clear();
        }
    }

    /// <summary>A bar, the share done and the time left, as far as the speed until now tells it; a count where there is no total.</summary>
    internal static string Line(string what, long done, long? total, TimeSpan elapsed)
    {
        if (total is null or 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{what}:{(done > 0 ? $" {done:N0} in" : string.Empty)} {elapsed:m\\:ss}");
        }

        double share = Math.Min((double)done / (total == Whole ? Parts : total.Value), 1);
        int filled = (int)(share * Width);
        string counts = total == Whole ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", {done:N0} of {total:N0}");
        string time = done > 0 ? string.Create(CultureInfo.InvariantCulture, $"{elapsed * ((1 - share) / share):m\\:ss} left") : string.Create(CultureInfo.InvariantCulture, $"{elapsed:m\\:ss}");
        return string.Create(CultureInfo.InvariantCulture, $"{what} [{new string('=', filled)}{new string(' ', Width - filled)}] {share * 100:0} %{counts}, {time}");
    }

    private void DrawIfDue()
    {
        if (_terminal is null)
        {
            return;
        }

        lock (_lock)
        {
            if (!_over && _watch.Elapsed >= _next)
            {
                _next = _watch.Elapsed + _pause;
                Draw(Line(_what, Done, _total, _watch.Elapsed));
            }
        }
    }

    /// <summary>Draws over the line; what a narrow terminal has no room for is cut, lest it wrap and stay.</summary>
    private void Draw(string line)
    {
        line = line.Length <= Terminal.Width ? line : line[..Terminal.Width];
        _terminal!.Write($"\r{line.PadRight(_drawn)}");
        _drawn = line.Length;
    }
}
