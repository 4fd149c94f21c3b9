using System.Diagnostics;
using System.Globalization;

namespace KerasCompat.Convert.Output;

/// <summary>How far long work has come, on one line of the error stream that is wiped at the end, so that piped output stays clean.</summary>
internal sealed class Progress : IDisposable
{
    private const int Width = 30;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromMilliseconds(500);

    private readonly string _what;
    private readonly long? _total;
    private readonly TextWriter? _terminal;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = Patience;
    private int _drawn;

    /// <param name="what">The work.</param>
    /// <param name="total">So many steps it has, where that is known.</param>
    public Progress(string what, long? total)
        : this(what, total, Terminal.HasProgress ? Console.Error : null)
    {
    }

    /// <param name="what">The work.</param>
    /// <param name="total">So many steps it has, where that is known.</param>
    /// <param name="terminal">Where the line is drawn; null for nowhere.</param>
    internal Progress(string what, long? total, TextWriter? terminal) => (_what, _total, _terminal) = (what, total, terminal);

    /// <summary>So many steps are done.</summary>
    public long Done { get; private set; }

    /// <summary>Says that steps were done; the line is drawn anew ten times a second at most, and not at all for work of half a second.</summary>
    public void Advance(long steps)
    {
        Done += steps;
        if (_terminal is not null && _watch.Elapsed >= _next)
        {
            _next = _watch.Elapsed + Pause;
            Draw(Line(_what, Done, _total, _watch.Elapsed));
        }
    }

    /// <summary>Wipes the line, for text to be printed in its place; the next step draws it again.</summary>
    public void Clear()
    {
        if (_drawn > 0)
        {
            Draw(string.Empty);
            _terminal!.Write('\r');
            _drawn = 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>A bar, the share done and the time left, as far as the speed until now tells it; a count where there is no total.</summary>
    internal static string Line(string what, long done, long? total, TimeSpan elapsed)
    {
        if (total is not > 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{what}: {done:N0} in {elapsed:m\\:ss}");
        }

        double share = Math.Min((double)done / total.Value, 1);
        int filled = (int)(share * Width);
        string left = done > 0 ? string.Create(CultureInfo.InvariantCulture, $", {elapsed * ((1 - share) / share):m\\:ss} left") : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{what} [{new string('=', filled)}{new string(' ', Width - filled)}] {share * 100:0} %, {done:N0} of {total:N0}{left}");
    }

    private void Draw(string line)
    {
        _terminal!.Write($"\r{line.PadRight(_drawn)}");
        _drawn = line.Length;
    }
}
