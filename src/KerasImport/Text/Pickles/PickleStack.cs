namespace KerasCompat.Text;

/// <summary>The stack of a pickle's machine, and the marks that later opcodes cut it at.</summary>
internal sealed class PickleStack
{
    private readonly List<object?> _values = [];
    private readonly Stack<int> _marks = new();

    /// <summary>Values above the last mark; below it nothing may be taken.</summary>
    public int Count => _values.Count - (_marks.TryPeek(out int mark) ? mark : 0);

    public bool HasMark => _marks.Count > 0;

    public object? Top => _values[^1];

    public void Push(object? value) => _values.Add(value);

    public object? Pop()
    {
        object? value = _values[^1];
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    public void Mark() => _marks.Push(_values.Count);

    /// <summary>Everything above the last mark, which goes with it.</summary>
    public object?[] PopToMark()
    {
        int mark = _marks.Pop();
        object?[] values = [.. _values[mark..]];
        _values.RemoveRange(mark, _values.Count - mark);
        return values;
    }
}
