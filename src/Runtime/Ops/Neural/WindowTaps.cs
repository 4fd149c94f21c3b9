namespace KerasCompat.Runtime;

/// <summary>A pair of positions that meet in a window.</summary>
/// <param name="Output">The window, counted over batch and spatial axes.</param>
/// <param name="Input">The input position, counted likewise.</param>
/// <param name="Tap">The place within the window.</param>
internal readonly record struct WindowTap(int Output, int Input, int Tap);

/// <summary>Walks all windows over three spatial axes, and the taps of each that do not lie on padding.</summary>
internal struct WindowTaps
{
    private readonly WindowAxis _a, _b, _c;
    private readonly int _windows;
    private int _window;
    private (int First, int End) _ta, _tb, _tc;
    private int _i, _j, _k;

    private WindowTaps(WindowAxis[] axes, int windows)
    {
        (_a, _b, _c) = (axes[0], axes[1], axes[2]);
        _windows = windows;
        _window = -1;
    }

    public WindowTap Current { get; private set; }

    /// <summary>The taps of so many windows, the batch axis counted in.</summary>
    public static WindowTaps Of(WindowAxis[] axes, int windows) => new(axes, windows);

    public readonly WindowTaps GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_window >= 0 && Step())
        {
            SetCurrent();
            return true;
        }

        while (++_window < _windows)
        {
            _ta = _a.Taps(_window / (_b.Output * _c.Output) % _a.Output);
            _tb = _b.Taps(_window / _c.Output % _b.Output);
            _tc = _c.Taps(_window % _c.Output);
            (_i, _j, _k) = (_ta.First, _tb.First, _tc.First);
            if (_i < _ta.End && _j < _tb.End && _k < _tc.End)
            {
                SetCurrent();
                return true;
            }
        }

        return false;
    }

    /// <summary>To the next tap of the same window.</summary>
    private bool Step()
    {
        if (++_k < _tc.End)
        {
            return true;
        }

        _k = _tc.First;
        if (++_j < _tb.End)
        {
            return true;
        }

        _j = _tb.First;
        return ++_i < _ta.End;
    }

    private void SetCurrent()
    {
        int windows = _a.Output * _b.Output * _c.Output;
        int batch = _window / windows;
        int a = _a.At(_window / (_b.Output * _c.Output) % _a.Output, _i);
        int b = _b.At(_window / _c.Output % _b.Output, _j);
        int c = _c.At(_window % _c.Output, _k);
        Current = new WindowTap(_window, (((((batch * _a.Input) + a) * _b.Input) + b) * _c.Input) + c, (((_i * _b.Size) + _j) * _c.Size) + _k);
    }
}
