namespace KerasCompat.Text;

/// <summary>The machine that a pickle is a program for, without the opcodes that reach beyond data.</summary>
/// <remarks>
/// Opcodes as in CPython's <c>Lib/pickletools.py</c>. A refused name does not stop the reading: it is noted and what
/// would be made with it is <see cref="RefusedValue"/>, so that the message tells every one.
/// </remarks>
internal sealed partial class PickleReader(string place, ReadLimits limits)
{
    private readonly PickleStack _stack = new();
    private readonly Dictionary<long, object?> _memo = [];
    private readonly List<string> _refused = [];

    private int _containers;
    private long _charged;

    public object? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            object? value = Run(bytes);
            return _refused.Count == 0 ? Resolved(value) : throw Refusal();
        }
        catch (ModelFormatException) when (_refused.Count > 0)
        {
            throw Refusal();
        }
    }

    private object? Run(ReadOnlySpan<byte> bytes)
    {
        var input = new PickleBytes(bytes, place);
        while (true)
        {
            byte opcode = input.Byte();
            if (opcode == '.')
            {
                return Pop(ref input);
            }

            if (!RunValue(opcode, ref input) && !RunContainer(opcode, ref input) && !RunObject(opcode, ref input))
            {
                throw input.Wrong($"the opcode 0x{opcode:x2}", "an opcode of protocols 0 to 5");
            }
        }
    }

    private UnsupportedModelException Refusal() => new(
    [
        .. _refused.Distinct().Select(name => new Problem(
            place, name, "plain data or Keras's Tokenizer", "nothing of it was run; ask the author for tokenizer.to_json()")),
    ]);

    private object? Pop(ref PickleBytes input)
    {
        NeedValues(1, ref input);
        return _stack.Pop();
    }

    private object? Top(ref PickleBytes input)
    {
        NeedValues(1, ref input);
        return _stack.Top;
    }

    private object?[] PopToMark(ref PickleBytes input) => _stack.HasMark ? _stack.PopToMark() : throw input.Wrong("an opcode that needs a mark", "a mark before it");

    private void NeedValues(int count, ref PickleBytes input)
    {
        if (_stack.Count < count)
        {
            throw input.Wrong($"an opcode that takes {count} values where {_stack.Count} lie on the stack", "a whole pickle");
        }
    }

    private T Made<T>(T container)
        where T : class
    {
        if (++_containers > limits.MaxObjects)
        {
            throw new ResourceLimitException(place, $"more than {limits.MaxObjects} containers", $"at most {limits.MaxObjects}", "raise ReadLimits.MaxObjects if the file is trusted");
        }

        return container;
    }

    /// <summary>Counts what calls make: a value that the memo keeps can be given to thousands of them.</summary>
    private void Charge(long bytes)
    {
        _charged += bytes;
        if (_charged > limits.MaxMetadataBytes)
        {
            throw new ResourceLimitException(place, $"calls that make {_charged} bytes", $"at most {limits.MaxMetadataBytes}", "raise ReadLimits.MaxMetadataBytes if the file is trusted");
        }
    }
}
