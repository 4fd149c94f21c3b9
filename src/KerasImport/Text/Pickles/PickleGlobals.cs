namespace KerasCompat.Text;

/// <summary>What the names in a pickle may stand for. Everything else is refused by name.</summary>
internal enum PickleGlobal
{
    /// <summary>dict, OrderedDict: called without arguments or with pairs.</summary>
    Dictionary,

    /// <summary>defaultdict: its factory is dropped.</summary>
    DefaultDictionary,

    List,

    Tuple,

    Set,

    /// <summary>int, str and the like: the factory of a defaultdict, never called.</summary>
    Scalar,

    /// <summary>object: the base that copyreg names.</summary>
    Object,

    /// <summary>copyreg._reconstructor: makes an empty instance, in protocols 0 and 1.</summary>
    Reconstructor,

    Tokenizer,

    /// <summary>Of scikit-learn, what stands beside models: the attributes are what is wanted.</summary>
    Attributes,

    /// <summary>numpy.dtype: called with the code of a type.</summary>
    NumpyType,

    /// <summary>numpy's scalar: called with a type and the bytes of one element.</summary>
    NumpyScalar,

    /// <summary>numpy.ndarray: never called, it says what <see cref="NumpyReconstruct"/> is to make.</summary>
    NumpyArray,

    /// <summary>numpy's _reconstruct: makes an empty array.</summary>
    NumpyReconstruct,

    /// <summary>numpy's _frombuffer: an array of bytes, a type, a shape and an order, in protocol 5.</summary>
    NumpyFromBuffer,

    /// <summary>bytes: how protocols 0 to 2 write empty ones.</summary>
    Bytes,

    /// <summary>_codecs.encode: how Python 3 writes bytes in protocols 0 to 2, as text in Latin-1.</summary>
    Latin1,
}

/// <summary>The names, by the modules that Python 2 and 3 and the generations of Keras give them.</summary>
internal static class PickleGlobals
{
    private static readonly Dictionary<string, PickleGlobal> Known = new()
    {
        ["builtins.dict"] = PickleGlobal.Dictionary,
        ["collections.OrderedDict"] = PickleGlobal.Dictionary,
        ["collections.defaultdict"] = PickleGlobal.DefaultDictionary,
        ["builtins.list"] = PickleGlobal.List,
        ["builtins.tuple"] = PickleGlobal.Tuple,
        ["builtins.set"] = PickleGlobal.Set,
        ["builtins.frozenset"] = PickleGlobal.Set,
        ["builtins.int"] = PickleGlobal.Scalar,
        ["builtins.long"] = PickleGlobal.Scalar,
        ["builtins.float"] = PickleGlobal.Scalar,
        ["builtins.bool"] = PickleGlobal.Scalar,
        ["builtins.str"] = PickleGlobal.Scalar,
        ["builtins.unicode"] = PickleGlobal.Scalar,
        ["builtins.object"] = PickleGlobal.Object,
        ["copyreg._reconstructor"] = PickleGlobal.Reconstructor,
        ["numpy.dtype"] = PickleGlobal.NumpyType,
        ["numpy.core.multiarray.scalar"] = PickleGlobal.NumpyScalar, // NumPy 1
        ["numpy._core.multiarray.scalar"] = PickleGlobal.NumpyScalar, // NumPy 2
        ["numpy.ndarray"] = PickleGlobal.NumpyArray,
        ["numpy.core.multiarray._reconstruct"] = PickleGlobal.NumpyReconstruct,
        ["numpy._core.multiarray._reconstruct"] = PickleGlobal.NumpyReconstruct,
        ["numpy.core.numeric._frombuffer"] = PickleGlobal.NumpyFromBuffer,
        ["numpy._core.numeric._frombuffer"] = PickleGlobal.NumpyFromBuffer,
        ["builtins.bytes"] = PickleGlobal.Bytes,
        ["_codecs.encode"] = PickleGlobal.Latin1,
        ["keras.preprocessing.text.Tokenizer"] = PickleGlobal.Tokenizer, // Keras 0.3 to 2.2.2 and 2.6 to 2.12
        ["keras_preprocessing.text.Tokenizer"] = PickleGlobal.Tokenizer, // 2.2.3 to 2.5, TensorFlow 1.12 to 2.5
        ["keras.src.preprocessing.text.Tokenizer"] = PickleGlobal.Tokenizer, // 2.13 to 2.15
        ["keras.src.legacy.preprocessing.text.Tokenizer"] = PickleGlobal.Tokenizer, // 3
        ["tf_keras.preprocessing.text.Tokenizer"] = PickleGlobal.Tokenizer,
        ["tf_keras.src.preprocessing.text.Tokenizer"] = PickleGlobal.Tokenizer,
        ["tensorflow.python.keras.preprocessing.text.Tokenizer"] = PickleGlobal.Tokenizer, // TensorFlow 1.4 to 1.11
        ["tensorflow.python.keras._impl.keras.preprocessing.text.Tokenizer"] = PickleGlobal.Tokenizer,
        ["tensorflow.keras.preprocessing.text.Tokenizer"] = PickleGlobal.Tokenizer,
        ["sklearn.preprocessing.label.LabelEncoder"] = PickleGlobal.Attributes, // scikit-learn to 0.21
        ["sklearn.preprocessing._label.LabelEncoder"] = PickleGlobal.Attributes,
        ["sklearn.preprocessing.data.StandardScaler"] = PickleGlobal.Attributes,
        ["sklearn.preprocessing._data.StandardScaler"] = PickleGlobal.Attributes,
        ["sklearn.preprocessing.data.MinMaxScaler"] = PickleGlobal.Attributes,
        ["sklearn.preprocessing._data.MinMaxScaler"] = PickleGlobal.Attributes,
    };

    /// <summary>A name in the words of Python 3.</summary>
    public static string Name(string module, string name) => module switch
    {
        "__builtin__" => "builtins",
        "copy_reg" => "copyreg",
        "commands" => "subprocess",
        _ => module,
    } + "." + name;

    public static bool TryFind(string name, out PickleGlobal global) => Known.TryGetValue(name, out global);
}
