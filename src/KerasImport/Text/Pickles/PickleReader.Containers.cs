namespace KerasCompat.Text;

internal sealed partial class PickleReader
{
    private bool RunContainer(byte opcode, ref PickleBytes input)
    {
        switch (opcode)
        {
            case (byte)']': _stack.Push(Made(new List<object?>())); break;
            case (byte)'}': _stack.Push(NewDictionary()); break;
            case 0x8F: _stack.Push(Made(new HashSet<object?>(PickleKeys.Instance!))); break; // EMPTY_SET
            case (byte)')': _stack.Push(Made(Array.Empty<object?>())); break;
            case (byte)'l': _stack.Push(Made(new List<object?>(PopToMark(ref input)))); break; // LIST
            case (byte)'t': _stack.Push(Made(PopToMark(ref input))); break; // TUPLE
            case (byte)'d': Dictionary(ref input); break;
            case 0x85 or 0x86 or 0x87: _stack.Push(Made(Popped(opcode - 0x84, ref input))); break; // TUPLE1 to 3
            case 0x91: _stack.Push(NewSet(PopToMark(ref input), ref input)); break; // FROZENSET
            case (byte)'a': AddItems(Popped(1, ref input), ref input); break; // APPEND
            case (byte)'e': AddItems(PopToMark(ref input), ref input); break; // APPENDS
            case 0x90: AddItems(PopToMark(ref input), ref input); break; // ADDITEMS
            case (byte)'s': SetItems(Popped(2, ref input), ref input); break; // SETITEM
            case (byte)'u': SetItems(PopToMark(ref input), ref input); break; // SETITEMS
            default: return false;
        }

        return true;
    }

    private OrderedDictionary<object, object?> NewDictionary() => Made(new OrderedDictionary<object, object?>(PickleKeys.Instance));

    private HashSet<object?> NewSet(IEnumerable<object?> items, ref PickleBytes input)
    {
        var set = Made(new HashSet<object?>(PickleKeys.Instance!));
        foreach (object? item in items)
        {
            set.Add(Key(item, ref input));
        }

        return set;
    }

    private void Dictionary(ref PickleBytes input)
    {
        object?[] items = PopToMark(ref input);
        _stack.Push(NewDictionary());
        SetItems(items, ref input);
    }

    private object?[] Popped(int count, ref PickleBytes input)
    {
        NeedValues(count, ref input);
        var values = new object?[count];
        for (int i = count; i-- > 0;)
        {
            values[i] = _stack.Pop();
        }

        return values;
    }

    private void AddItems(object?[] items, ref PickleBytes input)
    {
        switch (Top(ref input))
        {
            case List<object?> list:
                list.AddRange(items);
                break;
            case HashSet<object?> set:
                foreach (object? item in items)
                {
                    set.Add(Key(item, ref input));
                }

                break;
            case RefusedValue:
                break;
            default:
                throw input.Wrong("items for what is neither a list nor a set", "a list or a set");
        }
    }

    private void SetItems(object?[] items, ref PickleBytes input)
    {
        object? target = Top(ref input);
        if (target is RefusedValue)
        {
            return;
        }

        if (target is not OrderedDictionary<object, object?> dictionary || items.Length % 2 != 0)
        {
            throw input.Wrong(items.Length % 2 != 0 ? "a key without a value" : "pairs for what is no dictionary", "a dictionary and pairs");
        }

        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary[Key(items[i], ref input)] = items[i + 1];
        }
    }

    private static object Key(object? key, ref PickleBytes input) => PickleKeys.Allows(key) || key is RefusedValue
        ? key!
        : throw input.Wrong(key switch { null => "the key None", byte[] => "bytes as a key", _ => "a container as a key" }, "text or a number");
}
