using System.Numerics;

namespace KerasCompat.Text;

/// <summary>Reads Python pickles that hold plain data or Keras's Tokenizer. Nothing in a pickle is ever run.</summary>
/// <remarks>
/// Protocols 0 to 5. A pickle can name any function of Python and have it called; this reader knows the names of
/// containers, numpy's scalars and arrays, Keras's Tokenizer and a few of scikit-learn's, and refuses a pickle that holds another, with all of them in the message.
/// </remarks>
public static class Pickle
{
    /// <summary>The value that a pickle holds.</summary>
    /// <returns>
    /// None as null, bool, int as <see cref="long"/> or <see cref="BigInteger"/>, float as double, str as string, bytes as
    /// <see cref="T:byte[]"/> (numpy's scalars alike), list as <see cref="List{T}"/> of object, tuple as <see cref="T:object[]"/>, dict,
    /// OrderedDict and defaultdict as <see cref="OrderedDictionary{TKey, TValue}"/> of objects, set as
    /// <see cref="HashSet{T}"/> of objects, Keras's Tokenizer as <see cref="Tokenizer"/>, a numpy array as <see cref="Runtime.Tensor"/> (of text,
    /// too, where all its objects are text; another array of objects as a list), scikit-learn's LabelEncoder, StandardScaler and MinMaxScaler as
    /// dictionaries of their attributes (<c>classes_</c>, <c>mean_</c>, …).
    /// </returns>
    /// <param name="bytes">The pickle.</param>
    /// <param name="place">What error messages call it: the file's name.</param>
    /// <param name="limits">What it may make the reader allocate.</param>
    /// <exception cref="ModelFormatException">It is damaged, or no pickle.</exception>
    /// <exception cref="UnsupportedModelException">It names functions or classes that are not plain data; all of them are told.</exception>
    /// <exception cref="ResourceLimitException">It is larger than the limits allow.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes, string place = "pickle", ReadLimits? limits = null)
    {
        limits ??= ReadLimits.Default;
        if (bytes.Length > limits.MaxMetadataBytes)
        {
            throw new ResourceLimitException(place, $"a pickle of {bytes.Length} bytes", $"at most {limits.MaxMetadataBytes}", "raise ReadLimits.MaxMetadataBytes if the file is trusted");
        }

        return new PickleReader(place, limits).Read(bytes);
    }

    /// <summary>Whether bytes start as a pickle of protocol 2 or later, or as one of 0 or 1 that holds an object or a container.</summary>
    internal static bool Looks(ReadOnlySpan<byte> bytes) => bytes is
        [0x80, <= 5, ..] or [(byte)'c', ..] or [(byte)'(', (byte)'d' or (byte)'l' or (byte)'t', ..] or [(byte)'}' or (byte)']' or (byte)')', (byte)'q', ..];
}
