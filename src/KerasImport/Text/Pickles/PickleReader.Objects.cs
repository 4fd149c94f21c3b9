using System.Text;
using KerasCompat.Runtime;

namespace KerasCompat.Text;

internal sealed partial class PickleReader
{
    /// <summary>What an item of a container, or a text, takes at least.</summary>
    private const int ItemBytes = 32;

    private bool RunObject(byte opcode, ref PickleBytes input)
    {
        switch (opcode)
        {
            case (byte)'c': // GLOBAL
                string module = input.Utf8Text(input.Line());
                _stack.Push(Named(module, input.Utf8Text(input.Line())));
                break;
            case 0x93: // STACK_GLOBAL
                object?[] parts = Popped(2, ref input);
                _stack.Push(parts is [string m, string n] ? Named(m, n) : throw input.Wrong("a name that is no text", "a module and a name"));
                break;
            case (byte)'R': // REDUCE
                object?[] call = Popped(2, ref input);
                _stack.Push(Call(call[0], Arguments(call[1], ref input), instance: false, ref input));
                break;
            case 0x81: // NEWOBJ
                object?[] made = Popped(2, ref input);
                _stack.Push(Call(made[0], Arguments(made[1], ref input), instance: true, ref input));
                break;
            case 0x92: // NEWOBJ_EX
                object?[] named = Popped(3, ref input);
                if (named[2] is not (OrderedDictionary<object, object?> { Count: 0 } or RefusedValue) && named[0] is not RefusedValue)
                {
                    throw input.Wrong("an object made with named arguments", "none");
                }

                _stack.Push(Call(named[0], Arguments(named[1], ref input), instance: true, ref input));
                break;
            case (byte)'i': // INST
                string from = input.Utf8Text(input.Line());
                object type = Named(from, input.Utf8Text(input.Line()));
                _stack.Push(Call(type, PopToMark(ref input), instance: true, ref input));
                break;
            case (byte)'o': // OBJ
                object?[] parted = PopToMark(ref input);
                _stack.Push(parted.Length > 0 ? Call(parted[0], parted[1..], instance: true, ref input) : throw input.Wrong("an object without a class", "a class"));
                break;
            case (byte)'b': // BUILD
                Build(Popped(1, ref input)[0], ref input);
                break;
            case 0x82: Refuse($"the extension {input.Byte()} of copyreg"); break;
            case 0x83: Refuse($"the extension {input.UInt16()} of copyreg"); break;
            case 0x84: Refuse($"the extension {input.Int32()} of copyreg"); break;
            case (byte)'P': Refuse($"the persistent id \"{input.Utf8Text(input.Line())}\""); break;
            case (byte)'Q':
                Pop(ref input);
                Refuse("a persistent id");
                break;
            case 0x97: Refuse("a buffer that lies outside the pickle"); break;
            case 0x98: break; // READONLY_BUFFER
            default: return false;
        }

        return true;
    }

    private void Refuse(string what)
    {
        _refused.Add(what);
        _stack.Push(RefusedValue.Instance);
    }

    private object Named(string module, string name)
    {
        string full = PickleGlobals.Name(module, name);
        if (PickleGlobals.TryFind(full, out PickleGlobal global))
        {
            return global;
        }

        _refused.Add($"the name {full}");
        return RefusedValue.Instance;
    }

    private static object?[] Arguments(object? value, ref PickleBytes input) => value switch
    {
        object?[] arguments => arguments,
        RefusedValue => [],
        _ => throw input.Wrong("arguments that are no tuple", "a tuple"),
    };

    /// <summary>What a call makes, for the few names whose calls are data.</summary>
    private object Call(object? callee, object?[] arguments, bool instance, ref PickleBytes input)
    {
        switch (callee, arguments)
        {
            case (RefusedValue, _):
                return RefusedValue.Instance;
            case (PickleGlobal.Dictionary, []):
            case (PickleGlobal.DefaultDictionary, [] or [PickleGlobal or RefusedValue or null]):
                return NewDictionary();
            case (PickleGlobal.Dictionary, [IReadOnlyCollection<object?> pairs]):
                Charge(ItemBytes * (long)pairs.Count);
                return Filled(pairs, ref input);
            case (PickleGlobal.List, []):
                return Made(new List<object?>());
            case (PickleGlobal.List, [IReadOnlyCollection<object?> items]):
                Charge(ItemBytes * (long)items.Count);
                return Made(new List<object?>(items));
            case (PickleGlobal.Tuple, [IReadOnlyCollection<object?> items]):
                Charge(ItemBytes * (long)items.Count);
                return Made(items.ToArray());
            case (PickleGlobal.Set, []):
                return NewSet([], ref input);
            case (PickleGlobal.Set, [IReadOnlyCollection<object?> items]):
                Charge(ItemBytes * (long)items.Count);
                return NewSet(items, ref input);
            case (PickleGlobal.Reconstructor, [PickleGlobal.Tokenizer or PickleGlobal.Attributes, PickleGlobal.Object, null]):
                return Made(new PickledInstance(arguments[0] is PickleGlobal.Tokenizer));
            case (PickleGlobal.Tokenizer or PickleGlobal.Attributes, []) when instance:
                return Made(new PickledInstance(callee is PickleGlobal.Tokenizer));
            case (PickleGlobal.NumpyType, [string code, bool or long, bool or long]):
                return Made(PickledNumpyType.Of(code, place));
            case (PickleGlobal.NumpyScalar, [PickledNumpyType { Objects: false } type, byte[] or string]):
                byte[] element = Raw(arguments[1]);
                Charge(ItemBytes + element.Length);
                return type.Scalar(element, place, limits);
            case (PickleGlobal.NumpyReconstruct, [PickleGlobal.NumpyArray, object?[], byte[] or string]):
                return Made(new PickledArray());
            case (PickleGlobal.NumpyFromBuffer, [byte[] bytes, PickledNumpyType type, object?[] shape, "C" or "F"]):
                PickledArray array = Made(new PickledArray());
                return Completed(array, shape, type, arguments[3] is "F", bytes) ? array : throw input.Wrong("an array whose parts do not fit", "an array of numpy");
            case (PickleGlobal.Bytes, []):
                return Array.Empty<byte>();
            case (PickleGlobal.Latin1, [string text, "latin1"]) when text.All(c => c <= 0xFF):
                Charge(text.Length);
                return Encoding.Latin1.GetBytes(text);
            case (PickleGlobal global, _):
                throw input.Wrong($"a call of {global} with {arguments.Length} arguments", "a call that makes plain data");
            default:
                throw input.Wrong("a call of what is no function", "a class");
        }
    }

    private bool Completed(PickledArray array, object?[] shape, PickledNumpyType type, bool fortranOrder, object? elements)
    {
        Charge(elements switch { byte[] bytes => bytes.Length, List<object?> list => ItemBytes * (long)list.Count, _ => 0 });
        if (!array.TryComplete(shape, type, fortranOrder, elements, place, limits))
        {
            return false;
        }

        Charge(array.Value is Tensor<string> texts ? ItemBytes * (long)texts.Length : 0);
        return true;
    }

    /// <summary>The bytes of elements; Python 2 has no bytes, and what it wrote may have been read as text.</summary>
    private static byte[] Raw(object? value) => value as byte[] ?? Encoding.UTF8.GetBytes((string)value!);

    /// <summary>A dictionary of pairs: how Python 2 pickles an OrderedDict.</summary>
    private OrderedDictionary<object, object?> Filled(IReadOnlyCollection<object?> pairs, ref PickleBytes input)
    {
        OrderedDictionary<object, object?> dictionary = NewDictionary();
        foreach (object? pair in pairs)
        {
            (object? key, object? value) = pair switch
            {
                object?[] { Length: 2 } tuple => (tuple[0], tuple[1]),
                List<object?> { Count: 2 } list => (list[0], list[1]),
                _ => throw input.Wrong("an entry that is no pair", "a pair of key and value"),
            };
            dictionary[Key(key, ref input)] = value;
        }

        return dictionary;
    }

    private void Build(object? state, ref PickleBytes input)
    {
        switch (Top(ref input), state)
        {
            case (RefusedValue, _) or (_, RefusedValue):
                break;
            case (PickledInstance target, OrderedDictionary<object, object?> attributes):
                target.Attributes = attributes;
                break;
            case (PickledNumpyType target, object?[] details) when target.TryComplete(details):
                break;
            case (PickledArray target, object?[] and [1L, object?[] shape, PickledNumpyType type, bool fortranOrder, var elements])
                when Completed(target, shape, type, fortranOrder, elements is string ? Raw(elements) : elements):
                break;
            default:
                throw input.Wrong("attributes for what takes none, or not these", "an object and its dictionary, an array and its elements, or a type and its byte order");
        }
    }

    /// <summary>The value with Tokenizers, attributes and tensors in place of what they were made from, wherever they stand.</summary>
    private object? Resolved(object? root)
    {
        var tokenizers = new Dictionary<PickledInstance, Tokenizer>(ReferenceEqualityComparer.Instance);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>();
        object? Swap(object? value)
        {
            value = value switch
            {
                PickledArray array => array.Value ?? throw new ModelFormatException(place, "an array without elements", "its shape and elements"),
                PickledInstance { IsTokenizer: true } tokenizer => TokenizerOf(tokenizer, tokenizers),
                PickledInstance instance => AttributesOf(instance),
                PickledNumpyType or PickleGlobal => throw new ModelFormatException(place, "a class as a value", "plain data, arrays or Keras's Tokenizer"),
                _ => value,
            };
            if (value is object?[] or List<object?> or OrderedDictionary<object, object?> && seen.Add(value))
            {
                open.Push(value);
            }

            return value;
        }

        root = Swap(root);
        while (open.TryPop(out object? container))
        {
            switch (container)
            {
                case object?[] tuple:
                    for (int i = 0; i < tuple.Length; i++)
                    {
                        tuple[i] = Swap(tuple[i]);
                    }

                    break;
                case List<object?> list:
                    for (int i = 0; i < list.Count; i++)
                    {
                        list[i] = Swap(list[i]);
                    }

                    break;
                case OrderedDictionary<object, object?> dictionary:
                    for (int i = 0; i < dictionary.Count; i++)
                    {
                        dictionary.SetAt(i, Swap(dictionary.GetAt(i).Value));
                    }

                    break;
            }
        }

        return root;
    }

    private OrderedDictionary<object, object?> AttributesOf(PickledInstance instance) =>
        instance.Attributes ?? throw new ModelFormatException(place, "an object without attributes", "its attributes");

    private Tokenizer TokenizerOf(PickledInstance instance, Dictionary<PickledInstance, Tokenizer> made)
    {
        if (!made.TryGetValue(instance, out Tokenizer? tokenizer))
        {
            made[instance] = tokenizer = new PickledTokenizer(AttributesOf(instance), place).Read();
        }

        return tokenizer;
    }
}
