using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace KerasCompat.Runtime;

/// <summary>The states of stateful layers between calls. A device may keep one where it computed it; who reads it here gets a copy on the host.</summary>
internal sealed class StateTensors : IDictionary<StateVariable, Tensor>
{
    private readonly Dictionary<StateVariable, Tensor> _tensors = [];
    private readonly Dictionary<StateVariable, IResidentState> _resident = [];

    public int Count => _tensors.Count + _resident.Count;

    public bool IsReadOnly => false;

    public ICollection<StateVariable> Keys => OnHost().Keys;

    public ICollection<Tensor> Values => OnHost().Values;

    public Tensor this[StateVariable key]
    {
        get => TryGetValue(key, out Tensor? tensor) ? tensor : throw new KeyNotFoundException($"There is no state \"{key.Name}\".");
        set
        {
            Forget(key);
            _tensors[key] = value;
        }
    }

    /// <summary>The state where a device keeps it.</summary>
    public IResidentState? Resident(StateVariable key) => _resident.GetValueOrDefault(key);

    /// <summary>Leaves a state where a device keeps it.</summary>
    public void SetResident(StateVariable key, IResidentState state)
    {
        if (_resident.GetValueOrDefault(key) != state)
        {
            Forget(key);
            _resident.Add(key, state);
        }
    }

    /// <summary>Copies all states to the host and frees the devices' memory.</summary>
    public Dictionary<StateVariable, Tensor> OnHost()
    {
        foreach ((StateVariable variable, IResidentState state) in _resident)
        {
            _tensors[variable] = state.Read();
            state.Dispose();
        }

        _resident.Clear();
        return _tensors;
    }

    public void Add(StateVariable key, Tensor value) => OnHost().Add(key, value);

    public void Add(KeyValuePair<StateVariable, Tensor> item) => Add(item.Key, item.Value);

    public void Clear()
    {
        foreach (IResidentState state in _resident.Values)
        {
            state.Dispose();
        }

        _resident.Clear();
        _tensors.Clear();
    }

    public bool Contains(KeyValuePair<StateVariable, Tensor> item) => TryGetValue(item.Key, out Tensor? tensor) && tensor == item.Value;

    public bool ContainsKey(StateVariable key) => _tensors.ContainsKey(key) || _resident.ContainsKey(key);

    public void CopyTo(KeyValuePair<StateVariable, Tensor>[] array, int arrayIndex) => ((ICollection<KeyValuePair<StateVariable, Tensor>>)OnHost()).CopyTo(array, arrayIndex);

    public bool Remove(StateVariable key)
    {
        bool known = ContainsKey(key);
        Forget(key);
        return known;
    }

    public bool Remove(KeyValuePair<StateVariable, Tensor> item) => Contains(item) && Remove(item.Key);

    public bool TryGetValue(StateVariable key, [MaybeNullWhen(false)] out Tensor value)
    {
        if (_resident.ContainsKey(key))
        {
            OnHost();
        }

        return _tensors.TryGetValue(key, out value);
    }

    public IEnumerator<KeyValuePair<StateVariable, Tensor>> GetEnumerator() => OnHost().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Forget(StateVariable key)
    {
        if (_resident.Remove(key, out IResidentState? state))
        {
            state.Dispose();
        }

        _tensors.Remove(key);
    }
}

/// <summary>A state that a device keeps.</summary>
internal interface IResidentState : IDisposable
{
    /// <summary>A copy on the host.</summary>
    Tensor Read();
}
